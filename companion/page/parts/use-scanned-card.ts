import { useEffect, useRef } from "preact/hooks";
import { cardIn, characterOf, isCard, isWhole } from "../scanner.ts";
import { isTextField } from "./text-field.ts";

/** A scanner types without a pause; whoever types by hand makes one before Enter. */
const PAUSE_MILLISECONDS = 500;

/**
 * Takes the cards that are scanned where no screen waits for one. The Enter with which a scanner ends would press whatever button has
 * the focus, and so it is kept from it, also behind what is not a card. A question in a dialog waits for its answer, and is not
 * answered by a card.
 *
 * @param onCard - gets the code of a card
 */
export function useScannedCard(onCard: (card: string) => void): void {
  const take = useRef(onCard);
  take.current = onCard;
  useEffect(() => {
    let typed = "";
    let typedAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent): void => {
      if (event.timeStamp - typedAt > PAUSE_MILLISECONDS) typed = "";
      // A card whose beginning was taken here goes on here.
      if (!isCard(typed) && isCardAwaited()) typed = "";
      else if (event.key === "Enter" || event.key === "Tab") {
        if (!typed || (!isCard(typed) && isTextField(event.target))) return;
        typed = "";
        keep(event);
      } else {
        const character = characterOf(event);
        if (!character) return;
        typedAt = event.timeStamp;
        typed = cardIn(typed + character);
        if (!isCard(typed)) return;
        keep(event);
        if (isWhole(typed) && !document.querySelector("dialog[open]")) take.current(typed);
      }
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, []);
}

// Of a `CardField`, which takes whatever is typed.
const isCardAwaited = (): boolean => document.querySelector(".card-field") !== null;

function keep(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
