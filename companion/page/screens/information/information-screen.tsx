import type { ComponentChildren } from "preact";
import { SIGNALS } from "../../../../protocol/signals.ts";
import { CARD_WORDS } from "../../../provisioning/card/words.ts";
import { Button } from "../../parts/button.tsx";
import { Light } from "../../parts/light.tsx";
import { Paragraphs } from "../../parts/paragraphs.tsx";
import { ReadAloud, useVoice } from "../../parts/read-aloud.tsx";
import { Screen } from "../../parts/screen.tsx";
import type { SignalName } from "../../parts/token-light.ts";
import { useTexts } from "../../parts/use-texts.ts";
import { useWords } from "../../words.tsx";

interface Props {
  readonly onBack: () => void;
}

/** How it works, what happens with data, what the signals mean, and who helps. Nothing but the help's words is asked for. */
export function InformationScreen({ onBack }: Props) {
  const { t, language } = useWords();
  const help = useTexts()?.help ?? [];
  const hasVoice = useVoice() !== null;
  // In the words of the card, which the wearer has at home.
  const card = CARD_WORDS[language];
  const signals = Object.keys(SIGNALS) as SignalName[];

  const how = [1, 2, 3, 4, 5].map((n) => t(`information.how${n as 1}`));
  const privacy = [1, 2, 3, 4, 5, 6, 7].map((n) => t(`information.privacy${n as 1}`));
  const signalTexts = [
    ...signals.map((signal) => {
      const [colour, flashes] = SIGNALS[signal];
      return `${card.colours[colour as 0 | 1 | 2]} × ${flashes}. ${card.signals[signal]}`;
    }),
    t("information.signalsRepeat"),
    ...card.button.map(([press, effect]) => `${press}. ${effect}`),
  ];

  return (
    <Screen title={t("information.title")}>
      <p class="hint">
        {t("information.note")} {!hasVoice && t("shell.noVoice")}
      </p>
      <div class="measured">
        <div class="information-page">
          <nav class="panel contents" aria-label={t("information.contents")}>
            <ul>
              {(
                [
                  ["how", t("information.howTitle")],
                  ["privacy", t("information.privacyTitle")],
                  ["signals", card.signalsTitle],
                  ["help", t("information.helpTitle")],
                ] as const
              ).map(([id, title]) => (
                <li key={id}>
                  <a href={`#${id}`}>{title}</a>
                </li>
              ))}
            </ul>
            <Button onClick={onBack}>{t("shell.back")}</Button>
          </nav>
          <div class="information-sections">
            <Section id="how" title={t("information.howTitle")} texts={how}>
              <Paragraphs texts={how} />
            </Section>
            <Section id="privacy" title={t("information.privacyTitle")} texts={privacy}>
              <Paragraphs texts={privacy.map((text) => `- ${text}`)} />
            </Section>
            <Section id="signals" title={card.signalsTitle} texts={signalTexts}>
              <dl class="signals">
                {signals.map((signal) => (
                  <div key={signal}>
                    <dt>
                      <Light signal={signal} />
                    </dt>
                    <dd>{card.signals[signal]}</dd>
                  </div>
                ))}
              </dl>
              <p class="hint">{t("information.signalsRepeat")}</p>
              <h3>{card.buttonTitle}</h3>
              <dl class="signals">
                {card.button.map(([press, effect]) => (
                  <div key={press}>
                    <dt>{press}</dt>
                    <dd>{effect}</dd>
                  </div>
                ))}
              </dl>
            </Section>
            <Section id="help" title={t("information.helpTitle")} texts={help}>
              <Paragraphs texts={help} />
            </Section>
          </div>
        </div>
      </div>
    </Screen>
  );
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** What is read aloud of it. */
  readonly texts: readonly string[];
  readonly children: ComponentChildren;
}

function Section({ id, title, texts, children }: SectionProps) {
  const hasVoice = useVoice() !== null;
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`} tabIndex={-1}>
      <div class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {/* That there is no voice is said once, above. */}
        {hasVoice && <ReadAloud texts={texts} />}
      </div>
      {children}
    </section>
  );
}
