import { describe, expect, test } from "vitest";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { parseServiceData } from "../../simulator/espruino/advertising-data.ts";
import { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { createFlash } from "../../simulator/espruino/flash.ts";
import { createRandom } from "../../simulator/random.ts";
import { Timeline } from "../../simulator/timeline.ts";

const identity = { serial: 1, key: new Uint8Array(16) };

// Runs a script as boot code; what it puts into `out` comes back.
function boot(script: string, timeline = new Timeline(0)): EspruinoDevice {
  const image = buildStorageImage("puckjs", identity, script);
  const device = new EspruinoDevice(timeline, createRandom("device"), image);
  device.powerOn();
  return device;
}

describe("calls outside the model fail loudly", () => {
  test.each([
    ["NRF.findDevices(() => {})", /no NRF\.findDevices/],
    ["E.reboot()", /no E\.reboot/],
    ['require("Storage")', /no module Storage/],
    ['require("crypto").SHA1("x")', /no crypto\.SHA1/],
    ["LED1.toggle()", /no LED\.toggle/],
    ["new Map()", /Map is not a constructor/],
    ["process.exit(1)", /reading 'exit'/],
    ["setInterval(() => {}, 1)", /setInterval is not a function/],
    ["undeclared = 1", /undeclared is not defined/],
    ["NRF.setScan(() => {}, { active: true })", /does not know active/],
    ["NRF.setAdvertising({ 0xfd6f: [1] })", /takes raw bytes/],
    ['require("crypto").AES.encrypt("", "", { mode: "CTR" })', /ECB and CBC only/],
  ])("%s", (script, message) => {
    expect(() => boot(script)).toThrow(message);
  });
});

describe("NRF.setAdvertising", () => {
  test("puts raw bytes on air as they are, and keeps options that are left out", () => {
    const device = boot(`
      NRF.setAdvertising(new Uint8Array([2, 10, 0]), { interval: 250, connectable: false, scannable: false });
      NRF.setAdvertising(new Uint8Array([2, 10, 4]));`);
    expect(device.nrf.onAir()).toMatchObject({
      payload: Uint8Array.of(2, 10, 4),
      interval: 250,
      connectable: false,
    });
  });

  test.each([
    ["more than 31 bytes", "new Uint8Array(32)", "", /0x9/],
    ["flags with BR/EDR", "new Uint8Array([2, 1, 0x1a])", "", /0xa/],
    ["directed advertising", "new Uint8Array(1)", "connectable: true, scannable: false", /0x10/],
    [
      "a packet that cannot be answered, each 99 ms",
      "new Uint8Array(1)",
      "interval: 99, connectable: false, scannable: false",
      /0x7/,
    ],
  ])(
    "throws what S132 says to %s, and is taken for advertising all the same",
    (_, data, options, code) => {
      const call = `NRF.setAdvertising(${data}, {${options}})`;
      expect(() => boot(call)).toThrow(code);
      // Nothing is on air, and waking does not help: Espruino believes that it advertises.
      const device = boot(`try { ${call}; } catch (error) { NRF.wake(); }`);
      expect(device.nrf.onAir()).toBeUndefined();
      // While it sleeps everything is taken, and fails when it wakes.
      const late = boot(`NRF.sleep(); ${call}; setTimeout(NRF.wake, 1);`, new Timeline(0));
      expect(late.nrf.onAir()).toBeUndefined();
      expect(() => boot(`NRF.sleep(); ${call}; NRF.wake();`)).toThrow(code);
      const mended = boot(`
      try { ${call}; } catch (error) { NRF.sleep(); }
      NRF.setAdvertising(new Uint8Array([2, 1, 6]), { interval: 250, connectable: false, scannable: false });
      NRF.wake();`);
      expect(mended.nrf.onAir()?.payload).toEqual(Uint8Array.of(2, 1, 6));
    },
  );

  test("is not on air while sleeping", () => {
    expect(boot("NRF.sleep()").nrf.onAir()).toBeUndefined();
    expect(boot("NRF.sleep(); NRF.wake()").nrf.onAir()).toBeDefined();
  });
});

describe("NRF.setAddress", () => {
  test("restarts the SoftDevice, which ends a running scan", () => {
    const scan = "NRF.setScan(() => {}, { window: 50, interval: 200 });";
    expect(boot(scan).nrf.scanning()).toEqual({ window: 50, interval: 200 });
    const device = boot(`${scan} NRF.setAddress("c0:00:00:00:00:01 random")`);
    expect(device.nrf.scanning()).toBeUndefined();
    expect(device.nrf.restarts).toBe(1);
    expect(
      boot(`${scan} NRF.setAddress("c0:00:00:00:00:01 random"); ${scan}`).nrf.scanning(),
    ).toEqual({
      window: 50,
      interval: 200,
    });
    expect(device.nrf.onAir()?.address).toBe("c0:00:00:00:00:01");
  });

  test("keeps the old address when the new one is not random static", () => {
    const device = boot('NRF.setAddress("0a:00:00:00:00:01 random")');
    expect(device.nrf.onAir()?.address).not.toBe("0a:00:00:00:00:01");
  });

  test("waits while there is a connection", () => {
    const timeline = new Timeline(0);
    const device = boot(
      'setTimeout(() => NRF.setAddress("c0:00:00:00:00:02 random"), 10)',
      timeline,
    );
    const central = { notified: () => {}, disconnected: () => {} };
    expect(device.nrf.connect(central)).toBe(true);
    timeline.runUntil(20);
    expect(device.nrf.restarts).toBe(0);
    device.nrf.disconnect();
    expect(device.nrf.onAir()?.address).toBe("c0:00:00:00:00:02");
  });
});

describe("NRF.setScan", () => {
  test("a second call replaces the callback, not the parameters", () => {
    const device = boot(`
      NRF.setScan(() => {}, { window: 50, interval: 200 });
      NRF.setScan(() => {}, { window: 10, interval: 20 });`);
    expect(device.nrf.scanning()).toEqual({ window: 50, interval: 200 });
    expect(boot("NRF.setScan(() => {}); NRF.setScan()").nrf.scanning()).toBeUndefined();
  });

  test.each([
    ["window: 2, interval: 5", { window: 100, interval: 100 }],
    ["window: 20, interval: 2", { window: 20, interval: 100 }],
    ["window: 200", { window: 200, interval: 200 }],
    ["window: 20, interval: 20000", { window: 20, interval: 100 }],
  ])("takes its own for what is out of range: %s", (options, parameters) => {
    expect(boot(`NRF.setScan(() => {}, { ${options} })`).nrf.scanning()).toEqual(parameters);
  });

  test("hands over what Espruino does, once for each packet that passes the filter", () => {
    const device = boot(`
      const heard = [];
      NRF.setScan((d) => LED1.write(d), { filters: [{ serviceData: { fd6f: {} } }] });`);
    const heard: unknown[] = [];
    device.onLight = (_, value) => heard.push(value);
    const payload = Uint8Array.of(2, 1, 26, 3, 3, 0x6f, 0xfd, 5, 0x16, 0x6f, 0xfd, 7, 8);
    const packet = { address: "c0:00:00:00:00:09", payload, interval: 250, connectable: false };
    device.nrf.receive(packet, -70);
    device.nrf.receive(packet, -71);
    device.nrf.receive({ ...packet, payload: Uint8Array.of(2, 1, 6) }, -72);
    expect(heard).toHaveLength(2);
    expect(heard[0]).toEqual({
      id: "c0:00:00:00:00:09 random",
      rssi: -70,
      data: payload.buffer,
      services: ["fd6f"],
      serviceData: { fd6f: Uint8Array.of(7, 8).buffer },
    });
  });
});

test("advertising data with lengths that lead nowhere is taken apart as far as it goes", () => {
  expect(parseServiceData(Uint8Array.of(0, 1, 2))).toEqual({});
  expect(parseServiceData(Uint8Array.of(9, 3, 0x6f, 0xfd))).toEqual({});
  expect(parseServiceData(Uint8Array.of(3, 3, 0x6f, 0xfd, 200)).services).toEqual(["fd6f"]);
  expect(parseServiceData(Uint8Array.of(2, 0x16, 0x6f, 0xfd))).toEqual({
    serviceData: { fd6f: undefined },
  });
});

const packetOf = (...payload: number[]) => ({
  address: "c0:00:00:00:00:09",
  payload: Uint8Array.from(payload),
  interval: 250,
  connectable: false,
});

describe("a name of length 0 in an advertisement", () => {
  test.each([
    ["a short one", [0, 8, 0]],
    ["a complete one", [0, 9, 0]],
    ["one behind others", [2, 1, 6, 0, 9]],
  ])("%s kills a board whose own parser gets it, whatever it filters by", (_, payload) => {
    const timeline = new Timeline(0);
    const device = boot(
      `NRF.setScan(() => {}, { filters: [{ serviceData: { fd6f: {} } }] });
       setTimeout(() => LED1.write(true), 10);`,
      timeline,
    );
    let isLit = false;
    device.onLight = () => {
      isLit = true;
    };
    expect(() => device.nrf.receive(packetOf(...payload), -60)).toThrow(/dead/);
    timeline.runUntil(1000);
    expect(isLit).toBe(false);
  });

  test("does nothing where another handler stands", () => {
    const device = boot('NRF.setScan(() => {}); global["#onblescan"] = LED1.write;');
    const heard: unknown[] = [];
    device.onLight = (_, report) => heard.push(report);
    const payload = [0, 9, 0];
    expect(device.nrf.receive(packetOf(...payload), -61)).toBe(true);
    const data = Uint8Array.from(payload).buffer;
    expect(heard).toEqual([{ id: "c0:00:00:00:00:09 random", rssi: -61, data }]);
  });
});

describe("the handler of advertisements", () => {
  test("stands among the globals while it scans, and a scan puts Espruino's own there again", () => {
    const heard: unknown[] = [];
    const device = boot(`
      LED1.write(global["#onblescan"]);
      NRF.setScan(() => LED2.write(1));
      LED1.write(typeof global["#onblescan"]);
      global["#onblescan"] = () => LED3.write(1);
      NRF.setScan();
      LED1.write(global["#onblescan"]);
      NRF.setScan(() => LED2.write(1));`);
    device.onLight = (colour) => heard.push(colour);
    device.nrf.receive(packetOf(2, 1, 6), -60);
    expect(heard).toEqual(["green"]);
    expect(() => boot("global.other")).toThrow(/no other/);
    expect(() => boot("global.other = 1")).toThrow(/no other/);
  });

  test("is not to be found in an Espruino that keeps it elsewhere", () => {
    const image = buildStorageImage(
      "puckjs",
      identity,
      'NRF.setScan(() => LED1.write(1)); if (global["#onblescan"]) throw new Error("found");',
    );
    const device = new EspruinoDevice(new Timeline(0), createRandom("device"), image);
    device.hasScanHook = false;
    device.powerOn();
    let isLit = false;
    device.onLight = () => {
      isLit = true;
    };
    device.nrf.receive(packetOf(2, 1, 6), -60);
    expect(isLit).toBe(true);
  });

  test("loses what finds no room in the queue, and the error flag says so once", () => {
    const device = boot(
      `NRF.setScan(() => {}); global["#onblescan"] = () => {};
       setTimeout(() => LED1.write([E.getErrorFlags(), E.getErrorFlags()]), 100);`,
    );
    const reached = Array.from({ length: 30 }, () => device.nrf.receive(packetOf(2, 1, 6), -60, 5));
    expect(reached.filter(Boolean).length).toBeLessThan(30 + 1);
    const beacon = [3, 3, 0x6f, 0xfd, 0x17, 0x16, 0x6f, 0xfd, ...Array(20).fill(7)];
    const beacons = Array.from({ length: 60 }, () =>
      device.nrf.receive(packetOf(...beacon), -60, 5),
    );
    expect(beacons.filter(Boolean).length).toBeLessThan(24);
    expect([...device.nrf.errorFlags]).toEqual(["FIFO_FULL"]);
  });
});

describe("a failure that a test asks for", () => {
  const SILENT = "{ interval: 250, connectable: false, scannable: false }";

  test.each([
    ["sleep", "NRF.sleep()"],
    ["setAddress", 'NRF.setAddress("c0:00:00:00:00:01 random")'],
    ["setTxPower", "NRF.setTxPower(0)"],
    ["setSecurity", "NRF.setSecurity({ pair: false })"],
    ["setServices", "NRF.setServices({}, { uart: false })"],
    ["disconnect", "NRF.disconnect()"],
    ["restart", "NRF.restart()"],
    ["setScan", "NRF.setScan(() => {})"],
    ["setAdvertising", `NRF.setAdvertising(new Uint8Array([2, 1, 6]), ${SILENT})`],
  ])("of %s comes as often as it was asked for", (name, call) => {
    const timeline = new Timeline(0);
    const device = boot(
      `function attempt() { try { ${call}; LED2.write(1); } catch (error) { LED1.write(1); } NRF.setScan(); }
       for (let i = 1; i < 5; i++) setTimeout(() => { try { attempt(); } catch (error) {} }, i);`,
      timeline,
    );
    const seen: string[] = [];
    device.onLight = (colour) => seen.push(colour);
    device.failNext(name, 2);
    timeline.runUntil(10);
    expect(seen.filter((colour) => colour === "red").length).toBe(name === "setScan" ? 1 : 2);
    expect(seen.at(-1)).toBe("green");
  });

  test("of waking leaves it marked as advertising, and silent", () => {
    const timeline = new Timeline(0);
    const device = boot(
      `NRF.sleep();
       setTimeout(() => { try { NRF.wake(); } catch (error) { NRF.wake(); } }, 1);
       setTimeout(() => { NRF.sleep(); NRF.wake(); }, 20);`,
      timeline,
    );
    device.failNext("wake");
    timeline.runUntil(10);
    expect(device.nrf.onAir()).toBeUndefined();
    timeline.runUntil(30);
    expect(device.nrf.onAir()).toBeDefined();
  });

  test("of a scan leaves it marked as scanning, and deaf until it was stopped, which fails", () => {
    const device = boot("setTimeout(() => {}, 1)");
    const nrf = device.nrf.module as { setScan(heard?: () => void): void };
    device.failNext("setScan");
    expect(() => nrf.setScan(() => {})).toThrow(/ERR/);
    nrf.setScan(() => {});
    expect(device.nrf.scanning()).toBeUndefined();
    expect(() => nrf.setScan()).toThrow(/ERR/);
    nrf.setScan(() => {});
    expect(device.nrf.scanning()).toBeDefined();
    // A stop that fails leaves the radio at it, and a new start is refused.
    device.failNext("setScan");
    expect(() => nrf.setScan()).toThrow(/ERR/);
    expect(device.nrf.scanning()).toBeDefined();
    expect(() => nrf.setScan(() => {})).toThrow(/ERR/);
  });
});

describe("what was on air", () => {
  test("is remembered with its times, and a silence is none of them", () => {
    const timeline = new Timeline(0);
    const device = boot(
      `setTimeout(NRF.sleep, 1000); setTimeout(NRF.wake, 1290);
       setTimeout(() => NRF.setAddress("c0:00:00:00:00:01 random"), 2000);`,
      timeline,
    );
    timeline.runUntil(3000);
    const times = (from: number, to: number) =>
      device.nrf
        .airTimes(from, to)
        .map(({ from, to, advertisement }) => [
          from,
          to,
          advertisement.address === "c0:00:00:00:00:01",
        ]);
    expect(times(900, 3000)).toEqual([
      [0, 1000, false],
      [1290, 2000, false],
      [2000, 3000, true],
    ]);
    expect(times(1000, 1290)).toEqual([]);
    expect(times(2500, 3000)).toEqual([[2000, 3000, true]]);
  });
});

describe("the watchdog", () => {
  const LIFE = `
    LED1.write(getTime());
    E.enableWatchdog(600, false);
    function live() { E.kickWatchdog(); getTime(); setTimeout(live, 100000); }
    live();`;

  test("leaves a token alone that lives", () => {
    const timeline = new Timeline(0);
    const device = boot(LIFE, timeline);
    timeline.runUntil(86_400_000);
    expect(device.watchdogResets).toBe(0);
  });

  test("restarts one that hangs, whose clock goes on from when it was read last", () => {
    const timeline = new Timeline(0);
    const device = boot(LIFE, timeline);
    const starts: number[] = [];
    device.onLight = (_, time) => starts.push(Number(time));
    timeline.runUntil(1_050_000);
    device.hang();
    const { nrf } = device;
    expect(nrf.onAir()).toBeDefined();
    timeline.runUntil(1_599_000);
    expect(device.watchdogResets).toBe(0);
    timeline.runUntil(1_600_000);
    expect(device.watchdogResets).toBe(1);
    expect(starts).toEqual([1000]);
    expect(device.clock).toBeCloseTo(1000, 6);
    timeline.runUntil(5_000_000);
    expect(device.watchdogResets).toBe(1);
    device.powerOff();
    timeline.runUntil(10_000_000);
    expect(device.watchdogResets).toBe(1);
  });

  test("is seen in RESETREAS until that is cleared, and the converter stays off until Espruino's mark is", () => {
    const timeline = new Timeline(0);
    const device = boot(
      `E.enableWatchdog(1, false);
       LED1.write(-1);
       NRF.restart(() => {
         LED1.write(peek32(0x40000400));
         poke32(0x40000400, 2);
         LED1.write(peek32(0x40000400));
       });
       setTimeout(() => NRF.restart(() => poke32(0x4000051c, 0)), 500);`,
      timeline,
    );
    const seen: number[] = [];
    device.onLight = (_, value) => seen.push(Number(value));
    expect(device.hasConverter).toBe(true);
    timeline.runUntil(1000);
    expect(seen).toEqual([-1, 2, 0]);
    expect(device.hasConverter).toBe(false);
    timeline.runUntil(1600);
    expect(device.hasConverter).toBe(true);
    expect(() => boot("peek32(0x40000400)")).toThrow(/SoftDevice owns/);
    expect(() => boot("NRF.restart(() => peek32(0x40000000))")).toThrow(/no register/);
  });
});

test("a Uint32Array looks anywhere into a buffer, as Espruino's does", () => {
  const timeline = new Timeline(0);
  const device = boot(
    `const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9]);
     const words = new Uint32Array(bytes.buffer, 3, 1);
     words[0] = words[0] + 1;
     const seen = [words[0], words[1], words.length, bytes[3], new Uint32Array(bytes.buffer, 4, 1)[0],
       new Uint32Array(3).length, new Uint32Array([5, 6])[1], new Uint32Array(bytes.buffer, 1).length];
     setTimeout(() => LED1.write(seen), 1);`,
    timeline,
  );
  const seen: unknown[] = [];
  device.onLight = (_, value) => seen.push(value);
  timeline.runUntil(1);
  expect(seen).toEqual([[0x07060505, undefined, 1, 5, 0x08070605, 3, 6, 2]]);
  expect(() => boot("new Uint32Array(new ArrayBuffer(8), 1, 1).indexOf(1)")).toThrow(/not aligned/);
  expect(() => boot("new Uint32Array(new ArrayBuffer(8), 5, 1)")).toThrow();
});

describe("notifications", () => {
  const SCRIPT = `
    NRF.setServices({ s: { c: { notify: true, maxLen: 4, value: [0] } } }, { uart: true });
    setTimeout(() => {
      for (let i = 1; i <= 10; i++)
        NRF.updateServices({ s: { c: { value: new Uint8Array([i]), notify: true } } });
    }, 100);`;

  function received(subscribe: boolean): number[] {
    const timeline = new Timeline(0);
    const device = boot(SCRIPT, timeline);
    const values: number[] = [];
    device.nrf.connect({
      notified: (_, value) => values.push(value[0]!),
      disconnected: () => {},
    });
    if (subscribe) device.nrf.subscribe("c");
    timeline.runUntil(1000);
    return values;
  }

  test("are dropped without a word when the buffers are full", () => {
    expect(received(true)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("go nowhere without a subscription", () => {
    expect(received(false)).toEqual([]);
  });

  test("of an unknown characteristic are an error", () => {
    expect(() => boot("NRF.updateServices({ s: { c: { value: [1] } } })")).toThrow(
      /Unable to find/,
    );
  });
});

describe("Flash", () => {
  test("bits only fall, and a page is erased whole", () => {
    const flash = createFlash(0x1000, new Uint8Array(8192).fill(0xff));
    flash.module.write(Uint8Array.of(0xf0, 255, 255, 255), 0x1000);
    flash.module.write(Uint8Array.of(0x3c, 255, 255, 255), 0x1000);
    expect([...(flash.module.read(2, 0x1000) ?? [])]).toEqual([0x30, 0xff]);
    flash.module.write(new Uint8Array(4), 0x2000);
    flash.module.erasePage(0x1abc);
    expect([flash.module.read(1, 0x1000)?.[0], flash.module.read(1, 0x2000)?.[0]]).toEqual([
      0xff, 0,
    ]);
    expect(flash.module.read(0, 0x1000)).toBeUndefined();
    expect([...flash.erases]).toEqual([1, 0]);
  });

  test("wearing it out is an error: unaligned words, and more than 181 of them in a block", () => {
    const flash = createFlash(0x1000, new Uint8Array(4096).fill(0xff));
    expect(() => flash.module.write(new Uint8Array(4), 0x1002)).toThrow(/whole words/);
    expect(() => flash.module.write(new Uint8Array(3), 0x1000)).toThrow(/whole words/);
    for (let write = 0; write < 181; write++) flash.module.write(new Uint8Array(4), 0x1000);
    expect(() => flash.module.write(new Uint8Array(4), 0x1000)).toThrow(/too often/);
    flash.module.write(new Uint8Array(4), 0x1200);
    flash.module.erasePage(0x1000);
    flash.module.write(new Uint8Array(4), 0x1000);
  });

  test("outside Storage is an error", () => {
    const flash = createFlash(0x1000, new Uint8Array(4096));
    expect(() => flash.module.read(1, 0xfff)).toThrow(/outside Storage/);
    expect(() => flash.module.write(new Uint8Array(2), 0x1fff)).toThrow(/outside Storage/);
  });
});

describe("time", () => {
  test("starts at 1970, is set by setTime without touching timers, and is lost with power", () => {
    const timeline = new Timeline(5e12);
    const device = boot(
      "LED1.write(getTime()); setTimeout(() => LED1.write(getTime()), 1000); setTime(1e9);",
      timeline,
    );
    const seen: unknown[] = [];
    device.onLight = (_, value) => seen.push(value);
    timeline.runUntil(timeline.now + 1000);
    expect(seen).toEqual([1e9 + 1]);
    device.powerOff();
    device.powerOn();
    expect(seen.at(-1)).toBe(0);
  });

  test("drifts as told", () => {
    const timeline = new Timeline(0);
    const image = buildStorageImage(
      "puckjs",
      identity,
      "setTimeout(() => LED1.write(getTime()), 1e6);",
    );
    const device = new EspruinoDevice(timeline, createRandom("x"), image, 1000);
    let at = 0;
    let shown = 0;
    device.onLight = (_, value) => {
      at = timeline.now;
      shown = Number(value);
    };
    device.powerOn();
    timeline.runUntil(2e6);
    expect(at).toBeCloseTo(1e6 / 1.001, 3);
    expect(shown).toBeCloseTo(1000, 6);
  });

  test("timers end with power", () => {
    const timeline = new Timeline(0);
    const device = boot("setTimeout(() => LED1.write(1), 10);", timeline);
    let lit = false;
    device.onLight = () => {
      lit = true;
    };
    device.powerOff();
    timeline.runUntil(100);
    expect(lit).toBe(false);
    expect(() => device.nrf).toThrow(/switched off/);
  });
});
