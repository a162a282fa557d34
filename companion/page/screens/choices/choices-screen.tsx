import { useState } from "preact/hooks";
import { PAUSE_PRESS_SECONDS } from "../../../../protocol/signals.ts";
import type { DeskView, StatusView } from "../../../desk/desk-api.ts";
import { desk } from "../../desk-client.ts";
import { Button } from "../../parts/button.tsx";
import { FailureNotice } from "../../parts/failure-notice.tsx";
import { Light } from "../../parts/light.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Screen } from "../../parts/screen.tsx";
import { useLasting } from "../../parts/use-lasting.ts";
import { useAction } from "../../use-action.ts";
import { useWords } from "../../words.tsx";
import { ProgressScreen } from "../progress.tsx";
import { Choice } from "./choice.tsx";
import { EraseDialog, type Erasure } from "./erase-dialog.tsx";

interface Props {
  readonly view: DeskView;
  readonly onBack: () => void;
  readonly onNextWearer: () => void;
}

const NOW = { on: "choices.nowOn", paused: "choices.nowPaused", off: "choices.nowOff" } as const;
type Done = "paused" | "resumed" | "revoked" | "renewed";

/** What a wearer may choose besides the check: to pause, to go on, to take the consent back, to begin anew. */
export function ChoicesScreen({ view, onBack, onNextWearer }: Props) {
  const { t } = useWords();
  const { run, failure } = useAction(view, "pause", "resume", "erase");
  const [erasure, setErasure] = useState<Erasure | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const { activity } = view;
  const isLasting = useLasting(activity !== null);
  const status = view.visit?.status;

  if (activity && isLasting) {
    return (
      <ProgressScreen thenCheck={false} activity={activity} onCancel={() => void desk.finish({})} />
    );
  }

  const act = async (then: Done, action: () => Promise<StatusView>): Promise<void> => {
    setErasure(null);
    setDone(null);
    if (await run(action)) setDone(then);
  };
  const erase = (kind: Erasure): Promise<void> =>
    kind === "revoke"
      ? act("revoked", () => desk.erase({ afterwards: "off" }))
      : act("renewed", () => desk.erase({ afterwards: "on" }));

  return (
    <Screen title={t("choices.title")}>
      {failure && <FailureNotice code={failure} />}
      {done && !failure && <Notice kind="success" title={t(`choices.${done}`)} />}
      {status ? (
        <>
          <section class={`panel token-now ${status.state}`} aria-labelledby="token-now">
            <h2 id="token-now">{t("choices.nowTitle")}</h2>
            <p>{t(NOW[status.state])}</p>
            <Light signal={status.state === "on" ? "on" : "paused"} />
            {status.logEmpty && <p class="hint">{t("choices.nowEmpty")}</p>}
          </section>
          <div class="choices">
            {status.state === "on" && (
              <Choice
                title={t("choices.pauseTitle")}
                text={t("choices.pauseText")}
                hint={t("choices.buttonNote", { seconds: PAUSE_PRESS_SECONDS })}
                action={t("choices.pause")}
                onChoose={() => act("paused", () => desk.pause({}))}
              />
            )}
            {status.state === "paused" && (
              <Choice
                title={t("choices.resumeTitle")}
                text={t("choices.resumeText")}
                hint={t("choices.buttonNote", { seconds: PAUSE_PRESS_SECONDS })}
                action={t("choices.resume")}
                isNext
                onChoose={() => act("resumed", () => desk.resume({}))}
              />
            )}
            {status.state !== "off" && (
              <>
                <Choice
                  title={t("choices.revokeTitle")}
                  text={t("choices.revokeText")}
                  action={t("choices.revoke")}
                  isFinal
                  onChoose={() => setErasure("revoke")}
                />
                <Choice
                  title={t("choices.renewTitle")}
                  text={t("choices.renewText")}
                  action={t("choices.renew")}
                  isFinal
                  onChoose={() => setErasure("renew")}
                />
              </>
            )}
          </div>
          {status.state === "off" && <p>{t("choices.offNote")}</p>}
        </>
      ) : (
        <Notice kind="information">
          <p>{t("choices.cardFirst")}</p>
        </Notice>
      )}
      <div class="actions">
        {/* The consent was taken back, or never given: the way back would ask for it again. */}
        {status?.state === "off" && (
          <Button kind="primary" onClick={onNextWearer}>
            {t("shell.nextWearer")}
          </Button>
        )}
        <Button onClick={onBack}>{t("shell.back")}</Button>
      </div>
      {erasure && (
        <EraseDialog
          erasure={erasure}
          onErase={() => erase(erasure)}
          onCancel={() => setErasure(null)}
        />
      )}
    </Screen>
  );
}
