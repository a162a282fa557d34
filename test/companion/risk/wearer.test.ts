import { describe, expect, test } from "vitest";
import { riskInJson, riskInWords } from "../../../companion/cli/risk-words.ts";
import { type PublishedKey, publishedKeys } from "../../../companion/exports/published-keys.ts";
import type { RiskModel } from "../../../companion/risk/risk.ts";
import { DEFAULT_RISK_MODEL, riskModelOf } from "../../../companion/risk/risk-configuration.ts";
import { readTexts } from "../../../companion/texts/texts.ts";
import { checkVisit } from "../../../companion/visit/check-visit.ts";
import { DAY, Rig } from "../../support/rig.ts";
import { scan, TODAY, window } from "./make-windows.ts";

const SUMMARIES = riskModelOf(
  { model: "daily-summaries", attenuationBucketThresholdDb: [50, 70, 80] },
  "It",
);
const models: [string, RiskModel][] = [
  ["the Corona-Warn-App's model", DEFAULT_RISK_MODEL],
  ["daily summaries", SUMMARIES],
];

// Every number is one that could be recognised.
const windows = [
  window([scan(1260, 65, 67), scan(60, 55, 58)], {
    reportType: 1,
    infectiousness: 2,
    calibrationConfidence: 3,
  }),
  window([scan(480, 65, 67)], { day: TODAY - 3, infectiousness: 2 }),
];

describe.each(models)("by %s a wearer is told", (_, model) => {
  const risk = model.assess(windows, TODAY);

  test("of level, days, minutes and signal strength, and nothing more", () => {
    expect(risk).toEqual({
      level: "high",
      days: [
        { day: TODAY - 1, level: "high", minutes: 22, attenuationDb: 67 },
        {
          day: TODAY - 3,
          level: expect.stringMatching(/^(low|high)$/),
          minutes: 8,
          attenuationDb: 67,
        },
      ],
    });
  });

  test("the same in JSON", () => {
    const [latest, former] = risk.days;
    expect(JSON.parse(JSON.stringify(riskInJson(risk)))).toStrictEqual({
      level: "high",
      days: [
        {
          date: "2024-10-03",
          level: "high",
          durationMinutes: 22,
          attenuationDb: latest?.attenuationDb,
        },
        { date: "2024-10-01", level: former?.level, durationMinutes: 8, attenuationDb: 67 },
      ],
    });
  });

  test("the same in words", () => {
    const texts = readTexts()("en");
    expect(riskInWords(risk, texts).split("\n")).toEqual([
      "2024-10-03: risk high, 22 minutes, signal 67 dB below what was sent",
      `2024-10-01: risk ${risk.days[1]?.level}, 8 minutes, signal 67 dB below what was sent`,
      ...texts.advice.high,
    ]);
  });

  test("nothing of what else is in a window or was added to it", () => {
    const curious = windows.map((each) => ({ ...each, group: 4711, tek: "secret" }));
    const said = JSON.stringify(riskInJson(model.assess(curious, TODAY)));
    expect(said).toBe(JSON.stringify(riskInJson(risk)));
    expect(said).not.toMatch(
      /4711|secret|reportType|infectiousness|confidence|figures|encounters/i,
    );
  });
});

describe("on the token", () => {
  test.each(models)("is what the wearer is told by %s, and nothing more", async (_, model) => {
    const rig = new Rig();
    const a = await rig.wornToken("A");
    const b = await rig.wornToken("B");
    rig.sitTogether(["A", "B"], 40, 1);
    rig.world.run(2 * DAY);
    const keys = await rig.atDesk(b, async (client): Promise<PublishedKey[]> => {
      await client.setState("on", true);
      const own = await client.readKeys();
      return own.map((key) => ({ ...key, transmissionRiskLevel: 0, reportType: 1 }));
    });
    const check = (by: RiskModel) =>
      rig.atDesk(a, (client) =>
        checkVisit(client, [publishedKeys(keys)], () => rig.world.now, { model: by }),
      );
    const { risk } = await check(model);
    const told = risk.days[0]!;
    const { exposure } = await rig.atDesk(a, (client) => client.status());
    expect(exposure).toStrictEqual({
      level: 2,
      day: told.day,
      minutes: told.minutes,
      attenuationDb: told.attenuationDb,
      checkedInterval: expect.any(Number),
      acknowledged: false,
    });

    // A model that looks back for a day only: its day is the desk's.
    const forgetful = riskModelOf({ model: "corona-warn-app", maxEncounterAgeInDays: 1 }, "It");
    expect((await check(forgetful)).risk).toEqual({ level: "none", days: [] });
  });
});
