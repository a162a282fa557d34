import type { CheckView, StatusView } from "../../desk/desk-api.ts";
import { dateFormat, numberFormat } from "../formats.ts";
import { Button } from "../parts/button.tsx";
import { Light } from "../parts/light.tsx";
import { tokenLight } from "../parts/token-light.ts";
import { useWords, type Words } from "../words.tsx";
import { checkedAt } from "./check-words.ts";

interface Props {
  readonly status: StatusView;
  readonly check: CheckView | null;
  readonly busy: boolean;
  readonly onResume: () => void;
}

/** How a token is. */
export function TokenFacts({ status, check, busy, onResume }: Props) {
  const words = useWords();
  const { t, language } = words;
  const percent = numberFormat(language, { style: "percent" }).format(status.batteryPercent / 100);
  return (
    <section class="panel token-facts" aria-labelledby="token-title">
      <h2 id="token-title" class="only-read">
        {t("visit.tokenTitle")}
      </h2>
      <dl>
        <div>
          <dt>{t("visit.battery")}</dt>
          <dd class={status.batteryLow ? "bad" : ""}>
            <Battery percent={status.batteryPercent} />
            {status.batteryLow ? t("visit.batteryLow", { percent }) : percent}
          </dd>
        </div>
        <div>
          <dt>{t("visit.light")}</dt>
          <dd>
            <Light signal={tokenLight(status)} />
          </dd>
        </div>
        <div class="wide">
          <dt>{t("visit.clock")}</dt>
          <dd>{clockWords(status, check, words)}</dd>
        </div>
        <div>
          <dt>{t("visit.detection")}</dt>
          <dd class={status.state === "on" ? "" : "bad"}>
            {t(`visit.${DETECTION[status.state]}`)}
            {status.state === "paused" && (
              <Button disabled={busy} onClick={onResume}>
                {t("visit.resume")}
              </Button>
            )}
          </dd>
        </div>
        <div>
          <dt>{t("visit.lastCheck")}</dt>
          <dd>{dayOfCheck(check ? check.previousCheck : status.lastCheck, words)}</dd>
        </div>
        {check && (
          <div class="wide">
            <dt>{t("visit.thisCheck")}</dt>
            <dd>{checkedAt(check, words)}</dd>
          </div>
        )}
        {(status.restarts > 0 || status.failures > 0) && (
          <div class="wide">
            <dt>{t("visit.faults")}</dt>
            {status.restarts > 0 && <dd>{t("visit.restarts", { count: status.restarts })}</dd>}
            {status.failures > 0 && <dd>{t("visit.radioFailures", { count: status.failures })}</dd>}
            <dd class="hint">{t("visit.faultsNext")}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

const DETECTION = { on: "detectionOn", paused: "detectionPaused", off: "detectionOff" } as const;

function Battery({ percent }: { readonly percent: number }) {
  return (
    <svg class="battery" viewBox="0 0 30 16" aria-hidden="true">
      <rect class="battery-case" x="1" y="1" width="25" height="14" rx="3" />
      <rect class="battery-pole" x="27" y="5" width="3" height="6" rx="1" />
      <rect class="battery-charge" x="4" y="4" width={(19 * percent) / 100} height="8" rx="1" />
    </svg>
  );
}

// A difference that a round of the radio may make is none.
const RIGHT_SECONDS = 3;

function clockWords(status: StatusView, check: CheckView | null, words: Words): string {
  const { t } = words;
  if (check) {
    const { clockCorrectionSeconds: correction } = check;
    if (correction === null) return t("visit.clockFirst");
    if (check.warnings.includes("clock-doubtful")) return t("visit.clockLost");
    if (Math.abs(correction) < RIGHT_SECONDS) return t("visit.clockRight");
    const amount = durationWords(Math.abs(correction), words);
    return t(correction > 0 ? "visit.clockSlow" : "visit.clockFast", { amount });
  }
  if (!status.clockSet || status.clockErrorSeconds === null) return t("visit.clockNotSet");
  if (status.clockDoubtful) return t("visit.clockDoubtful");
  if (Math.abs(status.clockErrorSeconds) < RIGHT_SECONDS) return t("visit.clockRight");
  const amount = durationWords(Math.abs(status.clockErrorSeconds), words);
  return t(status.clockErrorSeconds < 0 ? "visit.clockSlowNow" : "visit.clockFastNow", { amount });
}

// In the largest unit of which there are two.
function durationWords(seconds: number, { t }: Words): string {
  if (seconds < 120) return t("visit.seconds", { count: Math.round(seconds) });
  if (seconds < 7200) return t("visit.minutesLong", { count: Math.round(seconds / 60) });
  if (seconds < 172_800) return t("visit.hours", { count: Math.round(seconds / 3600) });
  return t("visit.days", { count: Math.round(seconds / 86_400) });
}

function dayOfCheck(time: number | null, { t, language }: Words): string {
  if (time === null) return t("visit.never");
  const date = dateFormat(language, { day: "numeric", month: "long", year: "numeric" });
  return date.format(time * 1000);
}
