import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Advertisement } from "../../../companion/bluetooth/advertisements.ts";
import { structuresOf } from "../../../companion/bluetooth/advertising-payload.ts";
import { BeaconSurvey, type Survey } from "../../../companion/bluetooth/beacon-survey.ts";
import { surveyInJson, surveyInWords } from "../../../companion/cli/listen.ts";
import { syncPayload } from "../../../protocol/service.ts";

const START = Date.UTC(2026, 10, 30, 12) + 0.25;
const MINUTE = 60_000;
const ADDRESS = "c0:00:00:00:00:01";

const rpi = (number: number): number[] => new Array<number>(16).fill(number);
const FLAGS = [2, 1, 0x1a];
const LIST = [3, 3, 0x6f, 0xfd];
const beacon = (number: number, metadata = [1, 2, 3, 4]): number[] => [
  ...[17 + 2 + metadata.length, 0x16, 0x6f, 0xfd],
  ...[...rpi(number), ...metadata],
];

function packet(changes: Partial<Advertisement> & { bytes?: number[] } = {}): Advertisement {
  const { bytes = [...LIST, ...beacon(1)], ...rest } = changes;
  const address = rest.address ?? ADDRESS;
  return {
    ...{ id: address, address, addressType: "random", rssi: -50 },
    ...{ connectable: false, scannable: false, data: Uint8Array.from(bytes) },
    ...rest,
  };
}

/** Sends a packet so often from this second on. @returns the time of the last one */
function send(
  survey: BeaconSurvey,
  advertisement: Advertisement,
  from: number,
  seconds: number,
  interval = 275,
): number {
  let time = START + from * 1000;
  const end = time + seconds * 1000;
  for (; time + interval <= end; time += interval) survey.hear(advertisement, time);
  survey.hear(advertisement, time);
  return time;
}

const codes = ({ senders }: Survey, index = 0): string[] =>
  senders[index]!.deviations.map(({ code }) => code);

test.each<[string, number[], [number, number[]][] | undefined]>([
  ["an Android telephone's packet", [...LIST, ...beacon(7)], undefined],
  ["nothing", [], []],
  ["zeros behind the last structure", [2, 1, 6, 0, 0], [[1, [6]]]],
  ["a type without data", [1, 9], [[9, []]]],
])("structures of %s", (_, bytes, expected) => {
  const structures = structuresOf(Uint8Array.from(bytes));
  const plain = structures.map((each) => each && [each.type, [...each.data]]);
  expect(plain).toEqual(
    expected ?? [
      [3, [0x6f, 0xfd]],
      [0x16, [0x6f, 0xfd, ...rpi(7), 1, 2, 3, 4]],
    ],
  );
});

test.each([
  ["one that runs past the end", [2, 1, 6, 5, 0x16, 0x6f]],
  ["one that is a length alone", [2, 1, 6, 3]],
  ["something behind zeros", [2, 1, 6, 0, 1]],
])("no structure: %s", (_, bytes) => {
  expect(structuresOf(Uint8Array.from(bytes))).toEqual([
    { type: 1, data: Uint8Array.of(6) },
    undefined,
  ]);
});

describe("a sender", () => {
  test("that does as a token should", () => {
    const survey = new BeaconSurvey();
    send(survey, packet(), 0, 30);
    survey.hear(packet({ rssi: -70 }), START + 40_000);
    const { senders, changes, others, leftOut } = survey.report();
    expect({ changes, others, leftOut }).toEqual({ changes: [], others: [], leftOut: 0 });
    expect(senders).toMatchObject([
      {
        ...{ address: ADDRESS, addressType: "random static", first: START, packets: 111 },
        ...{ payloadBytes: 28, payloadForm: "without flags structure", connectable: false },
        ...{ interval: 275, rssi: { min: -70, median: -50, max: -50 } },
      },
    ]);
    expect(senders[0]!.heardShare).toBeCloseTo(111 / 146, 1);
  });

  test("is counted once when two channels heard it", () => {
    const survey = new BeaconSurvey();
    for (let number = 0; number < 20; number++) {
      survey.hear(packet(), START + 275 * number);
      survey.hear(packet(), START + 275 * number + 1);
    }
    expect(survey.report().senders).toMatchObject([{ packets: 20, interval: 275 }]);
    expect(codes(survey.report())).toEqual([]);
  });

  test("has its interval though half of its packets are lost", () => {
    const survey = new BeaconSurvey();
    for (let number = 0; number < 200; number++) {
      if ((number * 7919) % 101 < 50) survey.hear(packet(), START + 275 * number);
    }
    const [sender] = survey.report().senders;
    expect(sender!.interval).toBe(275);
    expect(sender!.heardShare).toBeGreaterThan(0.4);
    expect(sender!.heardShare).toBeLessThan(0.6);
  });

  test("has none with few packets", () => {
    const survey = new BeaconSurvey();
    send(survey, packet(), 0, 2);
    expect(survey.report().senders).toMatchObject([{ packets: 8, interval: undefined }]);
  });

  test.each<[string, Partial<Advertisement> & { bytes?: number[] }]>([
    ["data-length", { bytes: [...LIST, ...beacon(1, [1, 2, 3])] }],
    ["data-twice structures", { bytes: [...LIST, ...beacon(1), ...beacon(2)] }],
    ["connectable", { connectable: true }],
    ["scannable", { scannable: true }],
    ["scannable", { connectable: undefined, scannable: undefined }],
    ["address-type", { addressType: "public" }],
    ["address-type", { address: "40:00:00:00:00:01" }],
    ["address-type", { address: "3f:00:00:00:00:01" }],
    ["flags", { bytes: [...FLAGS, ...LIST, ...beacon(1)] }],
    ["structures", { bytes: beacon(1) }],
    ["structures", { bytes: [...beacon(1), ...LIST] }],
    ["structures", { bytes: [...LIST, ...beacon(1), 9, 9] }],
  ])("deviates: %s, %j", (expected, changes) => {
    const survey = new BeaconSurvey();
    send(survey, packet(changes), 0, 10);
    expect(codes(survey.report()).join(" ")).toBe(expected);
  });

  test.each([
    [250, true],
    [269, false],
    [281, false],
    [375, true],
  ])("every %d ms: deviates %j", (interval, deviates) => {
    const survey = new BeaconSurvey();
    send(survey, packet(), 0, 30, interval);
    expect(codes(survey.report())).toEqual(deviates ? ["interval"] : []);
  });

  test("deviates when it is on air for more than 20 minutes, or is silent in between", () => {
    const survey = new BeaconSurvey();
    send(survey, packet(), 0, 600);
    send(survey, packet(), 640, 700);
    expect(codes(survey.report())).toEqual(["too-long", "silence"]);
  });

  test("deviates when its packets change under one identifier", () => {
    const survey = new BeaconSurvey();
    send(survey, packet(), 0, 10);
    send(survey, packet({ bytes: [...LIST, ...beacon(1, [9, 2, 3, 4])] }), 10, 10);
    send(survey, packet({ bytes: [...FLAGS, ...LIST, ...beacon(1, [9, 2, 3, 4])] }), 20, 10);
    expect(codes(survey.report())).toEqual(["metadata-alone", "flags", "form-changed"]);
  });

  test("is known where the system gives only parts of a packet, and hides the address", () => {
    const survey = new BeaconSurvey();
    const services: string[] = [];
    for (const uuid of ["fd6f", "0000fd6f00001000800000805f9b34fb", "fd6e"]) {
      const data = Uint8Array.from([...rpi(1), 1, 2, 3, 4]);
      const parts = { services, manufacturer: undefined, serviceData: [{ uuid, data }] };
      const changes = { address: undefined, addressType: undefined, scannable: undefined };
      survey.hear({ ...packet(), id: "x", ...changes, data: parts }, START);
    }
    const { senders } = survey.report();
    expect(senders).toMatchObject([
      { address: undefined, addressType: "unknown", packets: 1, payloadBytes: undefined },
    ]);
    expect(senders[0]!.deviations).toEqual([]);
    expect(surveyInWords(survey.report())).toContain(
      "  form unknown: this system gives only parts of a packet; not connectable",
    );
  });
});

describe("a change", () => {
  const other = { address: "c0:00:00:00:00:02" };
  const second = [...LIST, ...beacon(2)];
  const third = [...LIST, ...beacon(3)];

  test("of identifier and address together", () => {
    const survey = new BeaconSurvey();
    const end = send(survey, packet(), 0, 13 * 60);
    const from = (end - START) / 1000 + 0.6;
    send(survey, packet({ ...other, bytes: second }), from, 60);
    const { changes, senders } = survey.report();
    const [before, after] = senders.map(({ fingerprint }) => fingerprint);
    expect(changes).toEqual([
      {
        ...{ kind: "together", time: START + from * 1000 },
        words: `Identifier and address changed together (${before} to ${after}); those before were heard for 13.0 minutes.`,
      },
    ]);
    expect([codes(survey.report(), 0), codes(survey.report(), 1)]).toEqual([[], []]);
  });

  test("is too early after another one", () => {
    const survey = new BeaconSurvey();
    send(survey, packet(), 0, 60);
    send(survey, packet({ ...other, bytes: second }), 60.6, 540);
    send(survey, packet({ address: "c0:00:00:00:00:03", bytes: third }), 602, 60);
    const { changes } = survey.report();
    // How long the first one was on air before is not known.
    expect(changes.map(({ words }) => /less than 10/.test(words))).toEqual([false, true]);
  });

  test("is not guessed among several senders, nor at another distance", () => {
    const survey = new BeaconSurvey();
    send(survey, packet(), 0, 60);
    send(survey, packet({ ...other, bytes: second }), 0, 60);
    send(survey, packet({ address: "c0:00:00:00:00:03", bytes: third }), 61, 60);
    expect(survey.report().changes).toEqual([]);
    const far = new BeaconSurvey();
    send(far, packet(), 0, 60);
    send(far, packet({ ...other, bytes: second, rssi: -80 }), 61, 60);
    expect(far.report().changes).toEqual([]);
  });

  test.each<[string, Partial<Advertisement> & { bytes?: number[] }]>([
    ["identifier-alone", { bytes: second }],
    ["address-alone", other],
  ])("%s", (kind, changes) => {
    const survey = new BeaconSurvey();
    send(survey, packet(), 0, 30);
    send(survey, packet(changes), 31, 30);
    expect(survey.report().changes).toMatchObject([{ kind, time: START + 31_000 }]);
  });

  test.each<[string, Partial<Advertisement> & { bytes?: number[] }]>([
    ["two identifiers under one address", { bytes: second }],
    ["one identifier under two addresses", other],
  ])("%s by turns", (_, changes) => {
    const survey = new BeaconSurvey();
    for (let number = 0; number < 20; number++) {
      survey.hear(packet(number % 2 ? changes : {}), START + 275 * number);
    }
    expect(survey.report().changes).toMatchObject([{ kind: "side-by-side" }]);
  });
});

test("a sync window, and Espruino's own advertising", () => {
  const survey = new BeaconSurvey();
  const espruino = [2, 1, 6, 3, 0xff, 0x90, 0x05];
  const uart = [17, 7, ...Buffer.from("6e400001b5a3f393e0a9e50e24dcca9e", "hex").reverse()];
  survey.hear(packet({ bytes: [...syncPayload()], connectable: true }), START);
  survey.hear(
    packet({ bytes: espruino, connectable: true, ...{ address: "d0:00:00:00:00:01" } }),
    START,
  );
  survey.hear(
    packet({ bytes: uart, connectable: undefined, address: "d0:00:00:00:00:01" }),
    START + 1,
  );
  survey.hear(packet({ bytes: [2, 1, 6, 3, 0xff, 0x4c, 0x00] }), START + 2);
  expect(survey.report()).toMatchObject({
    senders: [],
    others: [
      { kind: "sync-window", address: ADDRESS, packets: 1 },
      { kind: "espruino", packets: 2, last: START + 1 },
    ],
  });
});

test("the fingerprint is another one in each run, the same within one, and the identifier is nowhere", () => {
  const run = (): Survey => {
    const survey = new BeaconSurvey();
    const bytes = [...LIST, ...beacon(0xab, [0xcd, 0xcd, 0xcd, 0xcd])];
    send(survey, packet({ bytes }), 0, 30);
    send(survey, packet({ bytes, address: "c0:00:00:00:00:02" }), 40, 30);
    return survey.report();
  };
  const [one, two] = [run(), run()];
  expect(one.senders[0]!.fingerprint).toBe(one.senders[1]!.fingerprint);
  expect(one.senders[0]!.fingerprint).not.toBe(two.senders[0]!.fingerprint);
  const printed = JSON.stringify(surveyInJson(one, 70)) + surveyInWords(one).join("\n");
  expect(printed).not.toMatch(/abab|cdcd|171, ?171/i);
});

test("whoever sends ever new identifiers does not fill the memory", () => {
  const survey = new BeaconSurvey();
  for (let number = 0; number < 3000; number++) {
    const bytes = [...LIST, ...beacon(number & 0xff, [0, 0, 0, 0])];
    bytes[9] = number >> 8;
    survey.hear(packet({ bytes }), START + number);
  }
  const report = survey.report();
  expect(report.senders.length).toBe(1000);
  expect(report.leftOut).toBe(2000);
  expect(surveyInWords(report).at(-1)).toBe("2000 packets of further senders were left out.");
});

describe("whatever is on air", () => {
  const bytes = fc.uint8Array({ maxLength: 255 });
  /** Close to a beacon, so that most of the way is gone. */
  const nearly = fc
    .tuple(fc.constantFrom<number[]>([], FLAGS, LIST, [...FLAGS, ...LIST]), fc.nat(3), bytes, bytes)
    .map(([head, number, tail, changes]) => {
      const whole = Uint8Array.from([...head, ...beacon(number), ...tail]);
      for (let at = 0; at + 1 < changes.length && changes[at]! < 128; at += 2) {
        whole[changes[at]! % whole.length] = changes[at + 1]!;
      }
      return whole;
    });
  const parts = fc.record({
    serviceData: fc.array(
      fc.record({ uuid: fc.constantFrom("fd6f", "FD6F", "", "1812"), data: bytes }),
      { maxLength: 3 },
    ),
    services: fc.array(fc.string(), { maxLength: 3 }),
    manufacturer: fc.option(bytes, { nil: undefined }),
  });
  const advertisement: fc.Arbitrary<Advertisement> = fc
    .record({
      address: fc.constantFrom(ADDRESS, "40:00:00:00:00:01", undefined),
      addressType: fc.constantFrom("public" as const, "random" as const, undefined),
      rssi: fc.integer({ min: -128, max: 127 }),
      connectable: fc.constantFrom(true, false, undefined),
      scannable: fc.constantFrom(true, false, undefined),
      data: fc.oneof(bytes, nearly, nearly, parts),
    })
    .map((each) => ({ id: each.address ?? "hidden", ...each }));
  const heard = fc.array(fc.tuple(advertisement, fc.nat(2000)), { maxLength: 60 });

  test("is told in order, in one line each, without control characters", () => {
    fc.assert(
      fc.property(heard, (packets) => {
        const survey = new BeaconSurvey(new Uint8Array(16));
        let time = START;
        for (const [each, pause] of packets) {
          time += pause;
          survey.hear(each, time);
        }
        const report = survey.report();
        for (const { rssi, first, last, packets: count, heardShare } of report.senders) {
          expect(rssi.min).toBeLessThanOrEqual(rssi.median);
          expect(rssi.median).toBeLessThanOrEqual(rssi.max);
          expect(first).toBeLessThanOrEqual(last);
          expect(count).toBeGreaterThan(0);
          expect(heardShare ?? 0).toBeLessThanOrEqual(1);
        }
        const times = report.changes.map((change) => change.time);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
        for (const line of surveyInWords(report)) expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
        expect(() => JSON.stringify(surveyInJson(report, 1))).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test("is a beacon only with a whole structure of service data for 0xFD6F", () => {
    fc.assert(
      fc.property(fc.oneof(bytes, nearly), (data) => {
        const survey = new BeaconSurvey(new Uint8Array(16));
        survey.hear(packet({ bytes: [...data] }), START);
        // Read once more, from its definition.
        let isBeacon = false;
        for (let at = 0; at < data.length && data[at]; at += 1 + data[at]!) {
          const fits = at + 1 + data[at]! <= data.length;
          if (!fits) break;
          if (data[at]! >= 3 && [0x16, 0x6f, 0xfd].every((byte, i) => data[at + 1 + i] === byte)) {
            isBeacon = true;
          }
        }
        expect(survey.report().senders.length).toBe(isBeacon ? 1 : 0);
      }),
      { numRuns: 1000 },
    );
  });
});

test("a long time is told in minutes", () => {
  const survey = new BeaconSurvey();
  send(survey, packet(), 0, (25 * MINUTE) / 1000);
  expect(survey.report().senders[0]!.deviations).toMatchObject([
    { code: "too-long", words: expect.stringContaining("for 25.0 minutes") },
  ]);
});
