import { readFileSync } from "node:fs";

/** The published key schedule vectors; see test/vectors/README.md. */
export const vectors = JSON.parse(
  readFileSync(new URL("../vectors/key-schedule.json", import.meta.url), "utf8"),
) as {
  tek: string;
  rpik: string;
  aemk: string;
  metadata: string;
  startInterval: number;
  intervals: [interval: number, rpi: string, aem: string][];
};

export const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
