import type { AccountName } from "../energy/account.ts";

/** What accounts of charge are called: plural, within a sentence. */
export const ACCOUNT_NAMES: Readonly<Record<AccountName, string>> = {
  published: "Espruino's figures",
  chip: "the chip's currents",
};
