/**
 * What the panel of the demonstration calls, below `demo/` of the desk's address:
 *
 * - `GET demo/state`: server events, each a whole {@link DemoState} (`event: state`).
 * - `POST demo/press` `{name, press}`: presses a token's button.
 * - `POST demo/replace` `{name}`: gives the wearer a new token and card.
 *
 * @module
 */
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import encodeQR from "qr";
import { z } from "zod";
import type { DemoState, DemoToken, Press, QrCode, TokenName } from "./demo-state.ts";
import type { DeskWorld } from "./desk-world.ts";
import { SLIPS } from "./slips.ts";

/** Seconds for which a button is held. */
const SECONDS: Readonly<Record<Press, number>> = { short: 0.3, hold: 3.5, pause: 10.5 };
const NAMES: readonly TokenName[] = ["A", "B"];
const DARK = { red: false, green: false, blue: false };

const name = z.enum(["A", "B"]);
const pressRequest = z.strictObject({ name, press: z.enum(["short", "hold", "pause"]) });
const replaceRequest = z.strictObject({ name });

/** Makes the routes, and shows the tokens' lights there from now on. */
export function demoRoutes(desk: DeskWorld): Hono {
  const watchers = new Set<() => void>();
  const shown = {} as Record<TokenName, DemoToken>;
  const show = (token: TokenName, changed: Partial<DemoToken>): void => {
    shown[token] = { ...shown[token], ...changed };
    for (const watcher of watchers) watcher();
  };
  const layOut = (token: TokenName): void => {
    const { device, story, serial, card } = desk.token(token);
    device.onLight = (colour, on) =>
      show(token, { lights: { ...shown[token].lights, [colour]: on } });
    const facts = { name: token, story, serial, code: card, qr: qrOf(card) };
    show(token, { ...facts, lights: DARK, pressed: false });
  };
  for (const each of NAMES) layOut(each);

  const app = new Hono();
  app.get("/state", (c) =>
    streamSSE(c, async (stream) => {
      let wake = (): void => {};
      let ended = false;
      const watcher = (): void => wake();
      watchers.add(watcher);
      stream.onAbort(() => {
        ended = true;
        wake();
      });
      while (!ended) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const state: DemoState = { tokens: NAMES.map((each) => shown[each]), slips: SLIPS };
        await stream.writeSSE({ event: "state", data: JSON.stringify(state) });
        await changed;
      }
      watchers.delete(watcher);
    }),
  );
  app.post("/press", async (c) => {
    const asked = pressRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!asked.success) return c.json({ error: "Name a token and a press." }, 400);
    const token = asked.data.name;
    if (!shown[token].pressed) {
      const seconds = SECONDS[asked.data.press];
      desk.token(token).device.press(seconds);
      show(token, { pressed: true });
      desk.world.timers.after(seconds * 1000, () => show(token, { pressed: false }));
    }
    return c.json({});
  });
  app.post("/replace", async (c) => {
    const asked = replaceRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!asked.success) return c.json({ error: "Name a token." }, 400);
    desk.replace(asked.data.name);
    layOut(asked.data.name);
    return c.json({});
  });
  return app;
}

function qrOf(text: string): QrCode {
  const fields = encodeQR(text, "raw", { ecc: "medium" });
  const path = fields
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return { size: fields.length, path };
}
