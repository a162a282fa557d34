import type { Language } from "../../languages.ts";
import { LANGUAGES, useWords } from "../words.tsx";

/** Where the page can be; the wearer's choices are reached from the visit. */
export type Place = "visit" | "test" | "choices" | "information";

interface Props {
  readonly place: Place;
  /** Whether there is something that the next wearer must not see. */
  readonly isOpen: boolean;
  readonly canLookUp: boolean;
  readonly onPlace: (place: Place) => void;
  readonly onNextWearer: () => void;
  readonly onLanguage: (language: Language) => void;
}

/** The page's head: where to go, the next wearer, and the languages. */
export function Header({ place, isOpen, canLookUp, onPlace, onNextWearer, onLanguage }: Props) {
  const { t, language } = useWords();
  return (
    <header>
      <p class="brand">
        <Mark />
        Saqbol
      </p>
      <nav aria-label={t("shell.navigation")}>
        <Tab
          label={t("shell.visit")}
          isHere={place === "visit" || place === "choices"}
          onClick={() => onPlace("visit")}
        />
        {canLookUp && (
          <Tab
            label={t("shell.testResult")}
            isHere={place === "test"}
            onClick={() => onPlace("test")}
          />
        )}
        <Tab
          label={t("shell.information")}
          isHere={place === "information"}
          onClick={() => onPlace("information")}
        />
      </nav>
      {isOpen && (
        <button
          type="button"
          class="next-wearer"
          title={t("shell.nextWearerHint")}
          onClick={onNextWearer}
        >
          {t("shell.nextWearer")}
        </button>
      )}
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

interface TabProps {
  readonly label: string;
  readonly isHere: boolean;
  readonly onClick: () => void;
}

function Tab({ label, isHere, onClick }: TabProps) {
  return (
    <button type="button" class="tab" aria-current={isHere ? "page" : undefined} onClick={onClick}>
      {label}
    </button>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <circle class="mark-light" cx="16" cy="16" r="6" />
      <path class="mark-waves" d="M5 16a11 11 0 0 1 22 0M27 16a11 11 0 0 1-22 0" />
    </svg>
  );
}
