/**
 * The visit after a positive test: with the wearer's consent, recorded on the token, the keys of the
 * last 14 days are published.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import type { KeyServerClient, RegistrationToken } from "../servers/key-server-client.ts";
import type { TokenClient } from "../token/token-client.ts";

/**
 * Publishes a token's keys.
 *
 * @param test - the looked-up test; the server decides whether it is positive and not yet used
 * @param consent - whether the wearer agrees; without it nothing is asked of the token
 * @returns how many keys were published
 * @throws Failure `consent-missing`, `no-keys`, and those of token and server
 */
export async function shareVisit(
  client: TokenClient,
  server: KeyServerClient,
  test: RegistrationToken,
  consent: boolean,
): Promise<number> {
  if (!consent) {
    throw new Failure(
      "consent-missing",
      "Nothing was published, because the wearer did not consent to publishing the token's keys.",
    );
  }
  const { state } = await client.status();
  await client.setState(state, true);
  try {
    const keys = await client.readKeys();
    if (keys.length === 0) {
      throw new Failure(
        "no-keys",
        "The token has no key that may be published yet; come back two hours after midnight UTC.",
      );
    }
    return (await server.publish(test, keys)).inserted;
  } finally {
    // Consent was for this once. A lost link withdraws it too: the token does so by itself.
    await client.setState(state, false).catch(() => {});
  }
}
