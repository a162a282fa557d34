import { useEffect, useState } from "preact/hooks";
import type { Texts } from "../../desk/desk-api.ts";
import { textsIn } from "../desk-client.ts";
import { useWords } from "../words.tsx";

/** What the health authority says in the page's language; null until it is there. */
export function useTexts(): Texts | null {
  const { language } = useWords();
  const [texts, setTexts] = useState<Texts | null>(null);
  useEffect(() => {
    let wanted = true;
    // A desk that does not answer is seen by the whole page.
    textsIn(language).then(
      (loaded) => wanted && setTexts(loaded),
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [language]);
  return texts;
}
