import { atDesk } from "../../../simulator/at-desk.ts";
import type { DeskWorld } from "../../../simulator/desk-demo/desk-world.ts";
import type { BedOptions, DeskBed } from "./desk-bed.ts";
import type { Values } from "./messages.ts";

/** What is done on each screen; `key` and `values` are of its heading. */
export type OnScreen = (picture: string, key: string, values?: Values) => Promise<void>;

/** How a desk for {@link visitAllScreens} begins: B's battery is low and its clock is wrong, so that there is something to say. */
export const ALL_SCREENS: BedOptions = {
  before: async (world: DeskWorld) => {
    const { device } = world.token("B");
    device.battery = 15;
    await atDesk(world.world, device, (client) => client.setClock(() => world.world.now - 400));
  },
};

const ERASURES = [
  ["21-choices-renewed", "renew", "renewed"],
  ["22-choices-revoked", "revoke", "revoked"],
] as const;

/** Brings a desk to each of its screens, one after another. */
export async function visitAllScreens(bed: DeskBed, onScreen: OnScreen): Promise<void> {
  const at = async (picture: string, key: string, values?: Values): Promise<void> => {
    await bed.heading(key, values).waitFor();
    await bed.standStill(() => onScreen(picture, key, values));
  };

  await at("01-start", "visit.startTitle");
  await bed.go("shell.information");
  await at("02-information", "information.title");

  await bed.go("shell.testResult");
  await at("03-test-code", "test.title");
  const findings = ["pending", "negative", "invalid", "redeemed"] as const;
  for (const [index, kind] of findings.entries()) {
    await bed.lookUp(kind);
    await at(`0${4 + index}-test-${kind}`, `test.${kind}Title`);
    await bed.sees(`test.${kind}Next`);
    await bed.press("test.lookUpAnother");
  }
  await bed.lookUp("unknown");
  await at("08-test-unknown", "test.unknownTitle");

  await bed.lookUp("positive");
  await at("09-test-card", "test.positiveTitle");
  await bed.scan("B");
  await at("10-searching", "visit.searchingTitle");
  bed.hold("B");
  await at("11-sharing-consent", "test.consentTitle");
  await bed.press("test.disagree");
  await at("12-sharing-declined", "test.declinedTitle");
  await bed.press("test.askAgain");
  await bed.press("test.agree");
  await at("13-published", "test.publishedTitle");
  await bed.press("shell.back");
  await at("14-status", "visit.statusTitle");
  await bed.press("visit.checkNow");
  await at("15-result-none", "visit.resultTitle");

  await bed.press("visit.choices");
  await at("16-choices", "choices.title");
  await bed.press("choices.revoke");
  await at("17-dialog-revoke", "choices.revokeQuestion");
  await bed.page.keyboard.press("Escape");
  await bed.press("choices.renew");
  await at("18-dialog-renew", "choices.renewQuestion");
  await bed.page.keyboard.press("Escape");
  await bed.press("choices.pause");
  await bed.sees("choices.nowPaused");
  await at("19-choices-paused", "choices.title");
  await bed.press("shell.back");
  await at("20-result-paused", "visit.resultTitle");
  await bed.press("visit.resume");
  await bed.sees("visit.detectionOn");
  await bed.press("visit.choices");
  for (const [picture, choice, done] of ERASURES) {
    await bed.press(`choices.${choice}`);
    await bed.press("choices.eraseNow");
    await bed.sees(`choices.${done}`);
    await at(picture, "choices.title");
  }
  await bed.pass(5 * 60 + 5);
  await at("23-locked", "shell.lockedTitle");
  await bed.press("shell.nextWearer");

  await bed.heading("visit.startTitle").waitFor();
  // Until then B's sync window is open.
  await bed.pass(61);
  await bed.scan("A");
  await bed.heading("visit.searchingTitle").waitFor();
  await bed.pass(31);
  await at("24-not-found", "visit.beginFailedTitle");
  bed.hold("A");
  await bed.press("shell.tryAgain");
  await at("25-result-high", "visit.resultTitle");
  await bed.go("shell.nextWearer");

  bed.world.replace("B");
  await bed.scan("B");
  bed.hold("B");
  await at("26-first-visit", "visit.consentTitle");
  await bed.press("visit.disagree");
  await at("27-first-visit-declined", "visit.declinedTitle");
  await bed.press("shell.back");
  await bed.press("visit.agree");
  await at("28-first-result", "visit.resultTitle");
}
