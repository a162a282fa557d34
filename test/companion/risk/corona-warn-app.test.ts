import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coronaWarnApp } from "../../../companion/risk/corona-warn-app.ts";
import {
  type CoronaWarnAppConfiguration,
  DEFAULT_CORONA_WARN_APP,
} from "../../../companion/risk/corona-warn-app-schema.ts";
import {
  differences,
  type ExposureCase,
  outcomeOf,
  parseExposureCases,
} from "../../../companion/risk/exposure-cases.ts";
import type { ExposureWindow } from "../../../companion/risk/exposure-windows.ts";
import type { Infectiousness } from "../../../companion/risk/infectiousness.ts";
import { EXPRESS_KEYS, type ReportType } from "../../../companion/risk/keys-data-mapping.ts";
import { DEFAULT_RISK_MODEL, riskModelOf } from "../../../companion/risk/risk-configuration.ts";
import { scan, TODAY, window } from "./make-windows.ts";

const published = readFileSync(new URL("../../vectors/risk-cases.json", import.meta.url));
const { defaultRiskCalculationConfiguration } = JSON.parse(published.toString());

const modelWith = (changes: Partial<CoronaWarnAppConfiguration>) =>
  coronaWarnApp({ ...DEFAULT_CORONA_WARN_APP, ...changes }, EXPRESS_KEYS);

const levelOf = (windows: ExposureWindow[], changes: Partial<CoronaWarnAppConfiguration> = {}) =>
  modelWith(changes).assess(windows, TODAY).level;

const findings = (windows: ExposureWindow[], changes: Partial<CoronaWarnAppConfiguration> = {}) => [
  ...modelWith(changes).examine(windows, TODAY),
];

/** Weighted minutes of the only day. */
const timeOf = (windows: ExposureWindow[], changes: Partial<CoronaWarnAppConfiguration> = {}) => {
  const [day] = findings(windows, {
    // So that no day is without a level.
    normalizedTimePerDayToRiskLevelMapping: [
      { normalizedTimeRange: { min: 0, max: 1e9 }, riskLevel: 1 },
    ],
    ...changes,
  });
  return (day?.[1].figures as { normalizedTime: number } | undefined)?.normalizedTime;
};

describe("published cases", () => {
  const { cases, configuration } = parseExposureCases(published, "It", TODAY);
  const missed = ({ windows, expected }: ExposureCase, model = DEFAULT_RISK_MODEL) =>
    differences(expected, outcomeOf(windows, model, TODAY));

  test("there are 15 of them, with 7 expectations each", () => {
    expect(cases).toHaveLength(15);
    expect(cases.map(({ expected }) => Object.keys(expected).length)).toEqual(Array(15).fill(7));
  });

  test.each(cases.map((each) => [each.description, each] as const))("%s", (_, each) => {
    expect(missed(each, riskModelOf(configuration, "It"))).toEqual([]);
    expect(missed(each)).toEqual([]);
  });

  test("most fail with the typical attenuation in place of the least", () => {
    const typical = cases.map((each) => ({
      ...each,
      windows: each.windows.map((window) => ({
        ...window,
        scanInstances: window.scanInstances.map(({ typicalAttenuation, ...rest }) => ({
          ...rest,
          typicalAttenuation,
          minAttenuation: typicalAttenuation,
        })),
      })),
    }));
    expect(typical.filter((each) => missed(each).length > 0).length).toBeGreaterThanOrEqual(7);
  });

  test("the default configuration is theirs, with an age limit", () => {
    const { maxEncounterAgeInDays, ...rest } = DEFAULT_CORONA_WARN_APP;
    expect(rest).toEqual(defaultRiskCalculationConfiguration);
    expect(maxEncounterAgeInDays).toBe(14);
  });
});

describe("ranges", () => {
  const riskIn = (range: object, minutes: number) =>
    levelOf([window([scan(minutes * 60)])], {
      normalizedTimePerDayToRiskLevelMapping: [
        { normalizedTimeRange: { min: 10, max: 20, ...range }, riskLevel: 2 },
      ],
    });

  test.each([
    [{}, [9.9, 10, 20, 20.1], ["none", "high", "high", "none"]],
    [{ minExclusive: true }, [10, 10.1, 20], ["none", "high", "high"]],
    [{ maxExclusive: true }, [10, 19.9, 20], ["high", "high", "none"]],
    [{ minExclusive: true, maxExclusive: true }, [10, 15, 20], ["none", "high", "none"]],
    [{ minExclusive: false, maxExclusive: false }, [10, 20], ["high", "high"]],
  ])("10 to 20 with %j", (range, minutes, levels) => {
    expect(minutes.map((each) => riskIn(range, each))).toEqual(levels);
  });
});

describe("filters of minutes at attenuation", () => {
  const filter = {
    attenuationRange: { min: 0, max: 73, maxExclusive: true },
    dropIfMinutesInRange: { min: 0, max: 10, maxExclusive: true },
  };
  const kept = (seconds: number[], minAttenuation: number, typicalAttenuation = 25) =>
    findings([window(seconds.map((each) => scan(each, minAttenuation, typicalAttenuation)))], {
      minutesAtAttenuationFilters: [filter],
      normalizedTimePerDayToRiskLevelMapping: [
        { normalizedTimeRange: { min: 0, max: 1e9 }, riskLevel: 1 },
      ],
    }).length === 1;

  test("drop a window of fewer minutes than that, and keep one of as many", () => {
    expect(kept([300, 299], 30)).toBe(false);
    expect(kept([300, 300], 30)).toBe(true);
  });

  test("go by the least attenuation", () => {
    expect(kept([300, 300], 73, 25)).toBe(false);
    expect(kept([300, 300], 72, 90)).toBe(true);
  });

  test("do not count minutes down after a change of the clock", () => {
    expect(kept([600, -300], 30)).toBe(true);
  });

  test("drop a window when one of several applies", () => {
    const ofHours = {
      attenuationRange: { min: 0, max: 100 },
      dropIfMinutesInRange: { min: 60, max: 9999 },
    };
    const changes = { minutesAtAttenuationFilters: [filter, ofHours] };
    expect(levelOf([window([scan(3600, 30)])], changes)).toBe("none");
    expect(levelOf([window([scan(3540, 30)])], changes)).toBe("high");
  });
});

describe("the transmission risk level", () => {
  // Each level has its own value, so that the value says which level it was.
  const transmissionRiskValueMapping = [1, 2, 3, 4, 5, 6, 7, 8].map((level) => ({
    transmissionRiskLevel: level,
    transmissionRiskValue: level,
  }));

  test.each([
    [4, 1, 1],
    [4, 2, 2],
    [3, 1, 3],
    [3, 2, 4],
    [2, 1, 5],
    [2, 2, 6],
    [1, 1, 7],
    [1, 2, 8],
  ] as const)(
    "of report type %i and infectiousness %i is %i",
    (reportType, infectiousness, level) => {
      const one = window([scan(60)], { reportType, infectiousness });
      expect(timeOf([one], { transmissionRiskValueMapping })).toBe(level);
    },
  );

  test("is dropped by filters", () => {
    const trlFilters = [{ dropIfTrlInRange: { min: 1, max: 5 } }];
    const high = window([scan(3600)], { infectiousness: 2 });
    expect(levelOf([window([scan(3600)])], { trlFilters })).toBe("none");
    expect(levelOf([high], { trlFilters })).toBe("high");
  });

  test("without a value counts nothing, but its encounter does", () => {
    const windows = [window([scan(600)]), window([scan(6000)], { reportType: 4 })];
    expect(timeOf(windows, { transmissionRiskValueMapping: [] })).toBe(0);
    expect(timeOf(windows)).toBe(10);
    const [day] = findings(windows);
    expect(day?.[1].encounters).toEqual({ low: 1, high: 1 });
    const { days } = DEFAULT_RISK_MODEL.assess(windows, TODAY);
    expect(days).toEqual([{ day: TODAY - 1, level: "high", minutes: 10, attenuationDb: 65 }]);
  });

  test("windows of infectiousness none are dropped", () => {
    expect(findings([window([scan(3600)], { infectiousness: 0 })])).toEqual([]);
  });
});

describe("weights", () => {
  test.each([
    [0, 0.8],
    [62, 0.8],
    [63, 1],
    [72, 1],
    [73, 0.1],
    [78, 0.1],
    [79, 0],
    [255, 0],
  ])("at a least attenuation of %i dB a minute counts %d", (minAttenuation, weight) => {
    expect(timeOf([window([scan(600, minAttenuation, 20)])])).toBe(weight * 10);
  });

  test("the first range that holds the attenuation counts", () => {
    const attenuationRange = { min: 0, max: 100 };
    const minutesAtAttenuationWeights = [
      { attenuationRange, weight: 2 },
      { attenuationRange, weight: 3 },
    ];
    expect(timeOf([window([scan(60)])], { minutesAtAttenuationWeights })).toBe(2);
  });

  test("seconds below zero count nothing", () => {
    expect(timeOf([window([scan(600), scan(-300), scan(0)])])).toBe(10);
  });
});

describe("the level of a window", () => {
  test.each([
    [539, { low: 1, high: 0 }],
    [540, { low: 0, high: 1 }],
  ])("with %i seconds makes encounters %j, unrounded", (seconds, encounters) => {
    expect(findings([window([scan(seconds)])])[0]?.[1].encounters).toEqual(encounters);
  });

  test("is high at 9 minutes, which binary fractions make less", () => {
    const seconds = [269 + 18 + 39, 133 * 0.8, 59 * 0.1, 117 * 0.1];
    const naive = (1.2 * seconds.reduce((sum, each) => sum + each, 0)) / 60;
    expect(naive).toBeLessThan(9);
    const scans = [scan(269), scan(18), scan(39), scan(133, 50), scan(59, 75), scan(117, 75)];
    const [day] = findings([window(scans, { infectiousness: 2 })]);
    expect(day?.[1].encounters).toEqual({ low: 0, high: 1 });
  });

  test("discards a window that has none", () => {
    const normalizedTimePerEWToRiskLevelMapping: CoronaWarnAppConfiguration["normalizedTimePerEWToRiskLevelMapping"] =
      [{ normalizedTimeRange: { min: 0, max: 10 }, riskLevel: 1 }];
    const windows = [window([scan(600)]), window([scan(601)])];
    expect(timeOf(windows, { normalizedTimePerEWToRiskLevelMapping })).toBe(10);
  });
});

describe("the level of a day", () => {
  test.each([
    [296, "none"],
    [297, "low"],
    [536, "low"],
    [537, "high"],
  ])("with %i seconds is %s: minutes are rounded half up to a tenth before", (seconds, level) => {
    expect(levelOf([window([scan(seconds)])])).toBe(level);
  });

  test("is low at 4.95 minutes, which binary fractions make less", () => {
    // 240 s * 0.8 * 1.2, 150 s * 0.1 * 1.4, 90 s * 0.1 * 1.2, 30 s * 0.1 * 1.6, 30 s * 1 * 1
    const windows = [
      window([scan(240, 50)], { reportType: 2, infectiousness: 2 }),
      window([scan(150, 75)], { reportType: 1, infectiousness: 1 }),
      window([scan(90, 75)], { reportType: 2, infectiousness: 2 }),
      window([scan(30, 75)], { reportType: 1, infectiousness: 2 }),
      window([scan(30, 65)], { reportType: 2, infectiousness: 1 }),
    ];
    const naive =
      (1.2 * (240 * 0.8)) / 60 +
      (1.4 * (150 * 0.1)) / 60 +
      (1.2 * (90 * 0.1)) / 60 +
      (1.6 * (30 * 0.1)) / 60 +
      30 / 60;
    expect(naive).toBeLessThan(4.95);
    expect(Math.round(naive * 10) / 10).toBe(4.9);
    expect(timeOf(windows)).toBe(5);
    expect(levelOf(windows)).toBe("low");
  });

  test("sums unrounded windows", () => {
    // Three times 3.02 are 9.06; three times 2.96 are 8.88, and not three times 3.0.
    expect(timeOf(Array(3).fill(window([scan(181.2)])))).toBe(9.1);
    expect(levelOf(Array(3).fill(window([scan(177.6)])))).toBe("low");
  });

  test("without one, a day is none: its encounters are not counted", () => {
    expect(findings([window([scan(240)])])).toEqual([]);
    const two = [window([scan(240)]), window([scan(60)])];
    expect(findings(two)[0]?.[1].encounters).toEqual({ low: 1, high: 0 });
  });

  test("days are kept apart", () => {
    const windows = [window([scan(240)]), window([scan(240)], { day: TODAY - 2 })];
    expect(levelOf(windows)).toBe("none");
  });

  test("two equal windows are two exposures", () => {
    const one = window([scan(300)]);
    expect(levelOf([one])).toBe("low");
    expect(levelOf([one, one])).toBe("high");
  });
});

test("encounters are distinct by transmission risk level and calibration confidence, for each level and day", () => {
  const windows = [
    window([scan(300)]),
    window([scan(300)]),
    window([scan(300)], { calibrationConfidence: 1 }),
    window([scan(300)], { infectiousness: 2 }),
    window([scan(3000)]),
    window([scan(3000)]),
    window([scan(300)], { day: TODAY - 2 }),
  ];
  expect(findings(windows).map(([day, { level, encounters }]) => [day, level, encounters])).toEqual(
    [
      [TODAY - 1, "high", { low: 3, high: 1 }],
      [TODAY - 2, "low", { low: 1, high: 0 }],
    ],
  );
});

describe("the age of an encounter", () => {
  test.each([
    [10, 10, "high"],
    [11, 10, "none"],
    [14, 14, "high"],
    [15, 14, "none"],
  ])("of %i days with a limit of %i makes risk %s", (age, maxEncounterAgeInDays, level) => {
    const old = window([scan(3600)], { day: TODAY - age });
    expect(levelOf([old], { maxEncounterAgeInDays })).toBe(level);
  });

  test("in the future is no reason to ignore it", () => {
    expect(levelOf([window([scan(3600)], { day: TODAY + 1 })])).toBe("high");
  });
});

test("a day that is low although nobody was near is not told", () => {
  const changes: Partial<CoronaWarnAppConfiguration> = {
    normalizedTimePerDayToRiskLevelMapping: [
      { normalizedTimeRange: { min: 0, max: 9 }, riskLevel: 1 },
    ],
  };
  for (const scans of [[], [scan(3600, 90)], [scan(-60)]]) {
    expect(findings([window(scans)], changes).map(([, { level }]) => level)).toEqual(["low"]);
    expect(modelWith(changes).assess([window(scans)], TODAY)).toEqual({ level: "none", days: [] });
  }
});

describe("for all windows", () => {
  const anyWindow = fc
    .record({
      age: fc.integer({ min: 0, max: 3 }),
      reportType: fc.constantFrom<ReportType>(1, 2, 3, 4),
      infectiousness: fc.constantFrom<Infectiousness>(0, 1, 2),
      calibrationConfidence: fc.integer({ min: 0, max: 3 }),
      scanInstances: fc.array(
        fc
          .record({
            seconds: fc.integer({ min: -60, max: 300 }),
            attenuation: fc.integer({ min: 40, max: 90 }),
          })
          .map(({ seconds, attenuation }) => scan(seconds, attenuation)),
        { maxLength: 6 },
      ),
    })
    .map(({ age, ...rest }): ExposureWindow => ({ day: TODAY - age, ...rest }));
  const anyWindows = fc.array(anyWindow, { maxLength: 12 });
  const ofOneDay = anyWindow.map((each) => ({ ...each, day: TODAY }));
  const anyDay = fc.array(ofOneDay, { maxLength: 12 });

  /** Tenths of weighted minutes, computed from tenths of values, tenths of weights, and seconds. */
  const exactTenths = (windows: ExposureWindow[]) => {
    const values = [0, 0, 6, 8, 10, 12, 14, 16];
    const weights = (attenuation: number) =>
      attenuation < 63 ? 8 : attenuation < 73 ? 10 : attenuation < 79 ? 1 : 0;
    let units = 0;
    for (const { reportType, infectiousness, scanInstances } of windows) {
      if (infectiousness === 0) continue;
      const value = values[2 * (4 - reportType) + infectiousness - 1]!;
      for (const { secondsSinceLastScan, minAttenuation } of scanInstances) {
        units += value * weights(minAttenuation) * Math.max(0, secondsSinceLastScan);
      }
    }
    // 6000 units are a minute, 600 a tenth; half a tenth more, rounded down.
    return Math.floor((units + 300) / 600);
  };

  test("a day's time is what whole numbers make of it, rounded half up", () => {
    fc.assert(
      fc.property(anyDay, (windows) => {
        const infectious = windows.some(({ infectiousness }) => infectiousness > 0);
        expect(timeOf(windows)).toBe(infectious ? exactTenths(windows) / 10 : undefined);
      }),
      { numRuns: 500 },
    );
  });

  test("their order does not matter", () => {
    fc.assert(
      fc.property(
        anyWindows.chain((windows) =>
          fc.tuple(
            fc.constant(windows),
            fc.shuffledSubarray(windows, { minLength: windows.length }),
          ),
        ),
        ([windows, shuffled]) => {
          expect(findings(shuffled)).toEqual(findings(windows));
          expect(modelWith({}).assess(shuffled, TODAY)).toEqual(
            modelWith({}).assess(windows, TODAY),
          );
        },
      ),
    );
  });

  test("one more never lowers a day's time or the risk", () => {
    const rank = { none: 0, low: 1, high: 2 };
    fc.assert(
      fc.property(anyDay, ofOneDay, (windows, more) => {
        const both = [...windows, more];
        expect(timeOf(both) ?? 0).toBeGreaterThanOrEqual(timeOf(windows) ?? 0);
        expect(rank[levelOf(both)]).toBeGreaterThanOrEqual(rank[levelOf(windows)]);
      }),
    );
  });

  test("ten times the seconds are ten times the minutes, but for rounding", () => {
    fc.assert(
      fc.property(anyDay, (windows) => {
        const longer = windows.map((each) => ({
          ...each,
          scanInstances: each.scanInstances.map((instance) => ({
            ...instance,
            secondsSinceLastScan: instance.secondsSinceLastScan * 10,
          })),
        }));
        const difference = (timeOf(longer) ?? 0) - 10 * (timeOf(windows) ?? 0);
        expect(Math.abs(difference)).toBeLessThanOrEqual(0.55);
      }),
    );
  });
});
