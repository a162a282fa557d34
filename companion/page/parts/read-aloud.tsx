import { useEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../words.tsx";
import { Button } from "./button.tsx";
import { voiceFor } from "./voices.ts";

/** A little slower than usual, for people who hear badly. */
const RATE = 0.9;

interface Props {
  /** Paragraphs as `Paragraphs` takes them. */
  readonly texts: readonly string[];
}

/**
 * A button that reads paragraphs aloud, one after another, in the page's language; where this computer has no voice for it,
 * a sentence that says so. Of the texts around the button, the one that is being read is marked.
 */
export function ReadAloud({ texts }: Props) {
  const { language, t } = useWords();
  const voice = useVoice();
  const [reading, setReading] = useState(false);
  const here = useRef<HTMLDivElement>(null);
  const read = texts.map((text) => text.replace(/^- /, ""));

  useEffect(() => {
    if (!reading || !voice) return;
    let isOver = false;
    const place = here.current?.closest("section, dialog, main");
    const utterances = read.map((text, index) => {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = RATE;
      utterance.onstart = () => mark(place, text);
      utterance.onerror = ({ error }) => {
        // What is being read now is another text of the page.
        isOver = error === "canceled" || error === "interrupted";
        setReading(false);
      };
      if (index === read.length - 1) utterance.onend = () => setReading(false);
      return utterance;
    });
    // Whatever is read elsewhere on the page stops.
    speechSynthesis.cancel();
    for (const utterance of utterances) speechSynthesis.speak(utterance);
    return () => {
      for (const utterance of utterances) utterance.onend = utterance.onerror = null;
      mark(place, null);
      if (!isOver) speechSynthesis.cancel();
    };
  }, [reading, voice?.voiceURI, read.join("\n")]);
  // Other texts or another language: nobody asked for these to be read.
  useEffect(() => setReading(false), [language, read.join("\n")]);

  return (
    <div class="read-aloud" ref={here}>
      {voice ? (
        <Button onClick={() => setReading(!reading)}>
          <Loudspeaker silent={reading} />
          {t(reading ? "shell.stopReading" : "shell.readAloud")}
        </Button>
      ) : (
        <p class="hint">{t("shell.noVoice")}</p>
      )}
    </div>
  );
}

/** The voice that reads the page's language; null when this computer has none. Browsers load their voices late. */
export function useVoice(): SpeechSynthesisVoice | null {
  const { language } = useWords();
  const synthesis = "speechSynthesis" in window ? speechSynthesis : null;
  const [voices, setVoices] = useState(() => synthesis?.getVoices() ?? []);
  useEffect(() => {
    const update = () => setVoices(synthesis?.getVoices() ?? []);
    synthesis?.addEventListener("voiceschanged", update);
    return () => synthesis?.removeEventListener("voiceschanged", update);
  }, []);
  return voiceFor(voices, language);
}

function mark(place: Element | null | undefined, text: string | null): void {
  for (const marked of place?.querySelectorAll("[data-read]") ?? []) {
    marked.removeAttribute("data-read");
  }
  if (text === null) return;
  const paragraphs = Array.from(place?.querySelectorAll("p, li") ?? []);
  paragraphs.find((each) => each.textContent === text)?.setAttribute("data-read", "");
}

function Loudspeaker({ silent }: { readonly silent: boolean }) {
  return (
    <svg class="loudspeaker" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M3 9v6h4l5 4V5L7 9z" />
      {silent ? (
        <path d="M16 9.5l5 5m0-5l-5 5" />
      ) : (
        <path d="M15.5 9a4 4 0 0 1 0 6m2.5-9a8 8 0 0 1 0 12" />
      )}
    </svg>
  );
}
