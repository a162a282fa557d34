import type { DemoToken, Press } from "../demo-state.ts";
import { press, replace } from "./demo-client.ts";
import { scanCard } from "./scanner.ts";
import type { PanelWords } from "./words.ts";

const PRESSES: readonly Press[] = ["hold", "short", "pause"];
const COLOURS = ["red", "green", "blue"] as const;

interface Props {
  readonly token: DemoToken;
  readonly words: PanelWords;
}

/** A wearer's card and token. */
export function Wearer({ token, words }: Props) {
  const { name, story } = token;
  return (
    <section class="demo-wearer" aria-label={words.token(name)}>
      <div class="demo-card">
        <svg
          class="demo-qr"
          viewBox={`0 0 ${token.qr.size} ${token.qr.size}`}
          aria-hidden="true"
          shape-rendering="crispEdges"
        >
          <path d={token.qr.path} />
        </svg>
        <div class="demo-card-text">
          <p class="demo-card-name">
            {words.card(name)} <span class="demo-serial">№ {token.serial}</span>
          </p>
          <p>{words.story[story]}</p>
          <button
            type="button"
            class="demo-button demo-main"
            aria-label={words.scanCard(name)}
            onClick={() => scanCard(token.code)}
          >
            {words.scan}
          </button>
        </div>
      </div>
      <div class="demo-token">
        <Puck token={token} words={words} />
        <div class="demo-presses">
          {PRESSES.map((how) => (
            <button
              key={how}
              type="button"
              class={`demo-button ${how === "hold" ? "demo-main" : ""}`}
              aria-disabled={token.pressed}
              onClick={() => press(name, how)}
            >
              {words.button[how]}
            </button>
          ))}
        </div>
      </div>
      {story !== "new" && (
        <button type="button" class="demo-button demo-replace" onClick={() => replace(name)}>
          {words.replace}
        </button>
      )}
    </section>
  );
}

/** A Puck.js from above: the whole of it is the button, and the lights shine through. */
function Puck({ token, words }: Props) {
  const lit = COLOURS.filter((colour) => token.lights[colour]);
  const said = lit.map((colour) => words.lights[colour]).join(", ") || words.lights.none;
  return (
    <svg
      class={`demo-puck ${token.pressed ? "demo-pressed" : ""}`}
      viewBox="0 0 120 120"
      role="img"
      aria-label={`${words.token(token.name)}: ${said}`}
    >
      <circle class="demo-rim" cx="60" cy="60" r="56" />
      <circle class="demo-lid" cx="60" cy="60" r="48" />
      <text class="demo-letter" x="60" y="92" text-anchor="middle">
        № {token.serial}
      </text>
      {COLOURS.map((colour, index) => (
        <circle
          key={colour}
          class={`demo-light demo-${colour} ${token.lights[colour] ? "demo-lit" : ""}`}
          cx={36 + 24 * index}
          cy="48"
          r="8"
        />
      ))}
    </svg>
  );
}
