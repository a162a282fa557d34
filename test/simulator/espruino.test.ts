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
      NRF.setAdvertising(new Uint8Array([1, 2, 3]), { interval: 250, connectable: false, scannable: false });
      NRF.setAdvertising(new Uint8Array([4, 5, 6]));`);
    expect(device.nrf.onAir()).toMatchObject({
      payload: Uint8Array.of(4, 5, 6),
      interval: 250,
      connectable: false,
    });
  });

  test("refuses more than 31 bytes, and directed advertising", () => {
    expect(() => boot("NRF.setAdvertising(new Uint8Array(32))")).toThrow(/more than 31/);
    const directed =
      "NRF.setAdvertising(new Uint8Array(1), { connectable: true, scannable: false })";
    expect(() => boot(directed)).toThrow(/directed/);
  });

  test("is not on air while sleeping", () => {
    expect(boot("NRF.sleep()").nrf.onAir()).toBeUndefined();
    expect(boot("NRF.sleep(); NRF.wake()").nrf.onAir()).toBeDefined();
  });
});

describe("NRF.setAddress", () => {
  test("restarts the SoftDevice: a running scan falls back to 100 ms of 100 ms", () => {
    const scan = "NRF.setScan(() => {}, { window: 50, interval: 200 });";
    expect(boot(scan).nrf.scanning()).toEqual({ window: 50, interval: 200 });
    const device = boot(`${scan} NRF.setAddress("c0:00:00:00:00:01 random")`);
    expect(device.nrf.scanning()).toEqual({ window: 100, interval: 100 });
    expect(device.nrf.restarts).toBe(1);
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
  expect(parseServiceData(Uint8Array.of(0, 1, 2)).services).toEqual([]);
  expect(parseServiceData(Uint8Array.of(9, 3, 0x6f, 0xfd)).services).toEqual([]);
  expect(parseServiceData(Uint8Array.of(3, 3, 0x6f, 0xfd, 200)).services).toEqual(["fd6f"]);
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
