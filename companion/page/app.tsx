/**
 * The frame of all screens, and which of them is shown.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import type { DeskView, Language } from "../desk/desk-api.ts";
import { watchDesk } from "./desk-client.ts";
import { Notice } from "./parts/notice.tsx";
import { LANGUAGES, loadWords, useWords, type Words, WordsProvider } from "./words.tsx";

/** The whole page. */
export function App() {
  const [words, setWords] = useState<Words | null>(null);
  const [view, setView] = useState<DeskView | null | undefined>();
  const speak = (language: Language): void => {
    void loadWords(language).then((loaded) => {
      document.documentElement.lang = language;
      setWords(loaded);
    });
  };
  useEffect(() => speak("kk"), []);
  useEffect(() => watchDesk(setView), []);
  if (!words || view === undefined) return null;
  return (
    <WordsProvider value={words}>
      <Header language={words.language} onLanguage={speak} />
      <main>{view ? null : <Gone />}</main>
    </WordsProvider>
  );
}

interface HeaderProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

function Header({ language, onLanguage }: HeaderProps) {
  const { t } = useWords();
  return (
    <header>
      <p class="brand">{t("shell.title")}</p>
      <fieldset class="languages">
        <legend class="only-read">{t("shell.language")}</legend>
        {(Object.keys(LANGUAGES) as Language[]).map((each) => (
          <label key={each} lang={each}>
            <input
              type="radio"
              name="language"
              checked={each === language}
              onChange={() => onLanguage(each)}
            />
            <span>{LANGUAGES[each]}</span>
          </label>
        ))}
      </fieldset>
    </header>
  );
}

function Gone() {
  const { t } = useWords();
  return (
    <Notice kind="failure">
      <p>{t("shell.gone")}</p>
    </Notice>
  );
}
