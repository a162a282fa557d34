/**
 * A token's refusals in words.
 *
 * @module
 */
import {
  CLOCK_REFUSED,
  FLASH_FAILED,
  NO_CLOCK,
  NO_CONSENT,
  NO_SUCH_POSITION,
} from "../../protocol/messages.ts";
import { Failure } from "../failure.ts";

const REFUSALS: Record<number, readonly [code: string, message: string]> = {
  [CLOCK_REFUSED]: [
    "clock-refused",
    "The token's clock is too far from this computer's, or was moved too much in the last days, so that nothing was changed; check date and time of this computer, and if they are right, erase the token with the wearer's consent and start it anew.",
  ],
  [NO_CONSENT]: [
    "consent-missing",
    "The token does not hand out its keys, because the wearer's consent to publish them is not recorded on it.",
  ],
  [NO_SUCH_POSITION]: [
    "no-such-position",
    "The token's log ends before the position asked for; start the visit again.",
  ],
  [NO_CLOCK]: [
    "clock-not-set",
    "The token does not know the time, without which it neither detects contacts nor hands out its keys; set the token's clock first.",
  ],
  [FLASH_FAILED]: [
    "flash-failed",
    "The token could not store the change and has kept its old state; try again, and replace the token if it fails again.",
  ],
};

/** The failure for a refusal's reason. */
export function refusalOf(reason: number): Failure {
  const [code, message] = REFUSALS[reason] ?? [
    "request-refused",
    "The token did not accept the request; update the companion or the token.",
  ];
  return new Failure(code, message);
}
