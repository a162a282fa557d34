/**
 * The panel of the demonstration, beside the desk's page: cards and slips to scan, and tokens with a button and lights.
 *
 * @module
 */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { DemoState } from "../demo-state.ts";
import { watchDemo } from "./demo-client.ts";
import { Slips } from "./slips.tsx";
import { Wearer } from "./wearer.tsx";
import { type PanelLanguage, type PanelWords, WORDS } from "./words.ts";

function Panel() {
  const [state, setState] = useState<DemoState | null>();
  const words = usePageWords();
  useEffect(() => watchDemo(setState), []);
  if (state === undefined) return null;
  return (
    <div class="demo">
      <h2 class="demo-title">{words.title}</h2>
      {state ? (
        <>
          <p class="demo-about">{words.about}</p>
          <h3 class="demo-heading">{words.wearers}</h3>
          {state.tokens.map((token) => (
            <Wearer key={token.name} token={token} words={words} />
          ))}
          <Slips slips={state.slips} words={words} />
        </>
      ) : (
        <p role="alert">{words.gone}</p>
      )}
    </div>
  );
}

/** The words of the language that the page is in, whenever that changes. */
function usePageWords(): PanelWords {
  const language = (): PanelLanguage => {
    const { lang } = document.documentElement;
    return lang in WORDS ? (lang as PanelLanguage) : "en";
  };
  const [spoken, setSpoken] = useState(language);
  useEffect(() => {
    const observer = new MutationObserver(() => setSpoken(language()));
    observer.observe(document.documentElement, { attributeFilter: ["lang"] });
    return () => observer.disconnect();
  }, []);
  return WORDS[spoken];
}

const place = document.getElementById("demonstration");
if (place) render(<Panel />, place);
