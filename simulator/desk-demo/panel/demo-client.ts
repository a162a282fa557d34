/** The demonstration's routes over HTTP; addresses are relative to the page's. */
import type { DemoState, Press, TokenName } from "../demo-state.ts";

/** Watches the demonstration; gets null once it has ended. */
export function watchDemo(onState: (state: DemoState | null) => void): () => void {
  const events = new EventSource("demo/state");
  events.addEventListener("state", ({ data }) => onState(JSON.parse(data) as DemoState));
  events.addEventListener("error", () => onState(null));
  return () => events.close();
}

/** Presses a token's button. */
export function press(name: TokenName, how: Press): void {
  post("demo/press", { name, press: how });
}

/** Takes a new token from the drawer. */
export function replace(name: TokenName): void {
  post("demo/replace", { name });
}

// Whatever comes of it is shown by the next state.
function post(address: string, body: object): void {
  const headers = { "content-type": "application/json" };
  fetch(address, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => {});
}
