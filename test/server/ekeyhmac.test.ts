import { expect, test } from "vitest";
import { ekeyhmac as clientHmac } from "../../companion/servers/ekeyhmac.ts";
import { ekeyhmac, matchesEkeyhmac } from "../../server/ekeyhmac.ts";

// From exposure-notifications-server, TestCalculateHMAC and its neighbours.
const secret = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const keys = [
  {
    key: "z2Cx9hdz2SlxZ8GEgqTYpA==",
    rollingStartNumber: 1,
    rollingPeriod: 144,
    transmissionRisk: 3,
  },
  {
    key: "dPCphLzfG4uzXneNimkPRQ==",
    rollingStartNumber: 144,
    rollingPeriod: 144,
    transmissionRisk: 5,
  },
];
const zeroRisk = keys.map((key) => ({ ...key, transmissionRisk: 0 }));
const WITH_RISK = "2u1nHt5WWurJytFLF3xitNzM99oNrad2y4YGOL53AeY=";
const RISK_ZERO = "mFNI9zhTA17n4ndd1Vu5tsn4XQX0gPrIKyjeh/9noUE=";
const NO_RISK = "J9S7xVebH/66dm14wGsIcAnSUR3PHD4NtDQEOGZbDUo=";

test("the server computes the three published vectors", () => {
  expect(ekeyhmac(keys, secret, true).toString("base64")).toBe(WITH_RISK);
  expect(ekeyhmac(zeroRisk, secret, true).toString("base64")).toBe(RISK_ZERO);
  expect(ekeyhmac(zeroRisk, secret, false).toString("base64")).toBe(NO_RISK);
});

test("the client computes the three published vectors", () => {
  expect(clientHmac(keys, secret)).toBe(WITH_RISK);
  expect(clientHmac(zeroRisk, secret)).toBe(RISK_ZERO);
  const noRisk = keys.map(({ transmissionRisk: _, ...key }) => key);
  expect(clientHmac(noRisk, secret)).toBe(NO_RISK);
});

test("the risk may be left out of the HMAC only when it is 0 for all keys", () => {
  expect(matchesEkeyhmac(NO_RISK, zeroRisk, secret)).toBe(true);
  const withoutRisk = ekeyhmac(keys, secret, false).toString("base64");
  expect(matchesEkeyhmac(withoutRisk, keys, secret)).toBe(false);
});
