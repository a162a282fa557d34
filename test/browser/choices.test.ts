import { expect, test } from "vitest";
import type { TokenState } from "../../companion/token/token-client.ts";
import type { DeskBed } from "../support/browser/desk-bed.ts";
import { inSomeLanguage } from "../support/browser/in-each-language.ts";

inSomeLanguage((open) => {
  async function choices(): Promise<DeskBed> {
    const bed = await open({ unseen: true });
    await bed.checked("A");
    await bed.press("visit.choices");
    await bed.heading("choices.title").waitFor();
    return bed;
  }
  const stateOfA = async (bed: DeskBed): Promise<TokenState> => (await bed.tokenStatus("A")).state;

  test("pausing stops the token", async () => {
    const bed = await choices();
    await bed.press("choices.pause");
    await bed.sees("choices.paused");
    expect(await stateOfA(bed)).toBe("paused");
  });

  test("resuming lets it go on", async () => {
    const bed = await choices();
    await bed.press("choices.pause");
    await bed.sees("choices.paused");
    await bed.press("choices.resume");
    await bed.sees("choices.resumed");
    expect(await stateOfA(bed)).toBe("on");
  });

  test.each([
    { choice: "revoke", done: "revoked", state: "off" },
    { choice: "renew", done: "renewed", state: "on" },
  ] as const)("to $choice is asked once more, and erases everything", async (row) => {
    const bed = await choices();
    await bed.press(`choices.${row.choice}`);
    await bed.heading(`choices.${row.choice}Question`).waitFor();
    // Pressed twice, the same key erases nothing.
    await bed.page.keyboard.press("Enter");
    await bed.page.keyboard.press("Escape");
    await bed.heading(`choices.${row.choice}Question`).waitFor({ state: "detached" });
    expect(await bed.page.getByText(bed.say(`choices.${row.done}`)).count()).toBe(0);
    await bed.press(`choices.${row.choice}`);
    await bed.press("choices.eraseNow");
    await bed.sees(`choices.${row.done}`);
    // The way back would ask at once for the consent that was taken back.
    const next = bed.button("shell.nextWearer");
    await next.waitFor({ state: row.state === "off" ? "visible" : "detached" });
    const status = await bed.tokenStatus("A");
    expect(status).toMatchObject({ state: row.state, exposure: { level: 0 } });
    expect(status.logStart).toBe(status.logEnd);
  });
});
