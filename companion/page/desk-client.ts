/**
 * The desk's actions over HTTP, for a page that was served by it.
 *
 * @module
 */
import type { ActionName, DeskApi, DeskView, Texts } from "../desk/desk-api.ts";
import type { Language } from "../languages.ts";

/** What an action failed with; `code` as in the companion's `Failure`, or `desk-unreachable`. */
export class DeskFailure extends Error {
  override readonly name = "DeskFailure";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const ACTIONS: Readonly<Record<ActionName, true>> = {
  begin: true,
  check: true,
  enrol: true,
  pause: true,
  resume: true,
  erase: true,
  acknowledge: true,
  lookUp: true,
  share: true,
  finish: true,
  unlock: true,
};

/** The desk at this page's address. Addresses are relative, because the page's own has the desk's token in it. */
export const desk: DeskApi = Object.fromEntries(
  Object.keys(ACTIONS).map((action) => [action, (input: object) => post(`api/${action}`, input)]),
) as unknown as DeskApi;

/** Notes that somebody is at the desk. Silent when it fails: the page says elsewhere that the desk is gone. */
export function stir(): void {
  post("api/stir", {}).catch(() => {});
}

/** What the health authority says. @throws DeskFailure */
export async function textsIn(language: Language): Promise<Texts> {
  return (await answerOf(await reach(`texts/${language}.json`, {}))) as Texts;
}

/**
 * Watches the desk.
 *
 * @param onView - gets the view at once, and after each change; null when the desk cannot be reached
 * @returns ends it
 */
export function watchDesk(onView: (view: DeskView | null) => void): () => void {
  const events = new EventSource("api/view");
  events.addEventListener("view", ({ data }) => onView(JSON.parse(data) as DeskView));
  events.addEventListener("error", () => onView(null));
  // The browser would connect again, to whoever listens there now.
  events.addEventListener("end", () => {
    events.close();
    onView(null);
  });
  return () => events.close();
}

async function post(address: string, input: object): Promise<unknown> {
  const response = await reach(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  return answerOf(response);
}

async function reach(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { ...request, cache: "no-store" });
  } catch {
    throw new DeskFailure("desk-unreachable", "The desk does not answer; start it again.");
  }
}

async function answerOf(response: Response): Promise<unknown> {
  const answer = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const { code = "desk-unreachable", message = "The desk does not answer; start it again." } =
    (answer as { error?: { code?: string; message?: string } } | undefined)?.error ?? {};
  throw new DeskFailure(code, message);
}
