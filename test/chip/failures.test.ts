import { afterEach, describe, expect, test } from "vitest";
import type { TokenStatus } from "../../companion/token/token-client.ts";
import type { Chip } from "../../simulator/chip/chip.ts";
import { PATIENT, tell } from "./steps.ts";
import { bootSwitchedOn, NO_CHIP, NOON, start, storageSwitchedOn, visit } from "./token.ts";

const MINUTE = 60_000;
const BOOT_MILLISECONDS = 5000;
const WINDOW_MILLISECONDS = 75_000;
/** By then a token is on air again and listens, whatever has failed. */
const PATIENCE = 25 * MINUTE;
/** In any of them a token that is well begins a scan, and an identifier. */
const WATCHED = 21 * MINUTE;

// Nordic's error codes (nrf_error.h, nrf_error_sdm.h, nrf_error_soc.h, ble_err.h, ble_gap.h).
const INTERNAL = 3;
const NO_MEMORY = 4;
const INVALID_PARAMETER = 7;
const INVALID_STATE = 8;
const INVALID_FLAGS = 10;
const BUSY = 0x11;
const INTERRUPT_CONFIGURATION = 0x1001;
const NOT_ENOUGH_RANDOM = 0x2007;
const INVALID_CONNECTION = 0x3002;
const NO_TRANSMIT_BUFFER = 0x3004;
const ATTRIBUTES_MISSING = 0x3401;
const INVALID_ADDRESS = 0x3202;

/** How calls may fail; those that are not here have no error that they could return. */
const CODES: Readonly<Record<string, readonly number[]>> = {
  sd_softdevice_enable: [INTERRUPT_CONFIGURATION],
  sd_radio_notification_cfg_set: [INVALID_STATE],
  sd_ble_enable: [NO_MEMORY],
  sd_ble_uuid_vs_add: [NO_MEMORY],
  sd_ble_uuid_decode: [INVALID_PARAMETER],
  sd_ble_opt_set: [BUSY],
  sd_ble_gap_addr_set: [INVALID_ADDRESS, INVALID_STATE],
  sd_ble_gap_whitelist_set: [INVALID_STATE],
  sd_ble_gap_device_identities_set: [INVALID_STATE],
  sd_ble_gap_adv_data_set: [INVALID_FLAGS],
  sd_ble_gap_adv_start: [INVALID_STATE, NO_MEMORY],
  sd_ble_gap_adv_stop: [INVALID_STATE],
  sd_ble_gap_tx_power_set: [INVALID_PARAMETER],
  sd_ble_gap_ppcp_set: [INVALID_PARAMETER],
  sd_ble_gap_device_name_set: [INVALID_PARAMETER],
  sd_ble_gap_scan_start: [INVALID_STATE, NO_MEMORY],
  sd_ble_gap_scan_stop: [INVALID_STATE],
  sd_ble_gatts_service_add: [NO_MEMORY],
  sd_ble_gatts_characteristic_add: [NO_MEMORY],
  sd_flash_page_erase: [BUSY, INTERNAL],
  sd_flash_write: [BUSY],
  sd_rand_application_vector_get: [NOT_ENOUGH_RANDOM],
};
/** Those that only a connection makes. */
const DESK_CODES: Readonly<Record<string, readonly number[]>> = {
  sd_ble_gap_conn_param_update: [BUSY],
  sd_ble_gatts_exchange_mtu_reply: [INVALID_STATE],
  sd_ble_gatts_value_set: [INVALID_STATE],
  sd_ble_gatts_hvx: [NO_TRANSMIT_BUFFER, ATTRIBUTES_MISSING, INVALID_STATE],
  sd_ble_gap_disconnect: [INVALID_CONNECTION],
};
/** What the firmware must notice and tell; of others Espruino keeps some to itself. */
const SEEN = ["sd_ble_gap_scan_start"];

let chip: Chip | undefined;
afterEach(() => chip?.end());

/** Looks whether a token is on air, listens and answers; returns what is wrong. */
async function wellness(token: Chip): Promise<{ wrong: string; status?: TokenStatus }> {
  token.events.splice(0);
  await token.run(WATCHED);
  const isHeard = token.eventsOf("advertise").some(({ result, type }) => !result && type === 3);
  const listens = token.eventsOf("scan").some(({ result }) => result === 0);
  if (!isHeard) return { wrong: "it is silent" };
  if (!listens) return { wrong: "it is deaf" };
  try {
    const status = await visit(token, (client) => client.status());
    await token.run(WINDOW_MILLISECONDS);
    return { wrong: status.state === "on" ? "" : `it is ${status.state}`, status };
  } catch (error) {
    return { wrong: `a desk hears: ${(error as Error).message}` };
  }
}

/** One call that fails, and what came of it. */
async function outcome(name: string, token: Chip, former: number): Promise<string> {
  const resets = token.eventsOf("reset").map(({ cause }) => cause);
  const { wrong, status } = await wellness(token).catch((error: Error) => ({
    wrong: `${error.message.split("\n")[0]}`,
    status: undefined,
  }));
  const counted = (status?.failures ?? 0) - former;
  const restarts = resets.length ? `, restarted (${resets.join(", ")})` : "";
  tell(`${name}: ${wrong || "goes on"}, ${counted} failures told${restarts}`);
  const mustTell = SEEN.some((call) => name.includes(call)) && !resets.length;
  return wrong || (mustTell && counted < 1 ? "it tells of no failure" : "");
}

describe.skipIf(NO_CHIP)("when a call fails once", { timeout: PATIENT }, () => {
  test("at boot, the token is well before long", async () => {
    const storage = await storageSwitchedOn();
    chip = await start("application", storage);
    await chip.run(BOOT_MILLISECONDS);
    const calls = await chip.calls();
    await chip.end();
    const wrongs: string[] = [];
    for (const [call, [code]] of Object.entries(CODES)) {
      for (let use = 0; use < (calls.get(call) ?? 0); use++) {
        chip = await start("application", storage);
        const name = `boot, ${call} ${use + 1} of ${calls.get(call)}`;
        await chip.failNext(call, code as number, 1, use);
        const wrong = await chip.run(PATIENCE).then(
          () => outcome(name, chip as Chip, 0),
          (error: Error) => error.message,
        );
        if (wrong) wrongs.push(`${name}: ${wrong}`);
        await chip.end();
      }
    }
    expect(wrongs).toEqual([]);
  });

  test("later, the token goes on", async () => {
    const token = await bootSwitchedOn("application");
    chip = token;
    await token.setNeighbours(3);
    await token.run(30 * MINUTE);
    const before = await token.calls();
    await token.run(PATIENCE);
    const after = await token.calls();
    const wrongs: string[] = [];
    let failures = 0;
    for (const [call, codes] of Object.entries(CODES)) {
      const uses = (after.get(call) ?? 0) - (before.get(call) ?? 0);
      // In a life that repeats itself, the first few are all that there are.
      for (let use = 0; use < Math.min(uses, 4); use++) {
        for (const code of codes) {
          const name = `later, ${call} ${use + 1}, code ${code.toString(16)}`;
          token.events.splice(0);
          await token.failNext(call, code, 1, use);
          const wrong = await token.run(PATIENCE).then(
            () => outcome(name, token, failures),
            (error: Error) => error.message,
          );
          if (wrong) wrongs.push(`${name}: ${wrong}`);
          failures = (await visit(token, (client) => client.status())).failures;
          await token.run(WINDOW_MILLISECONDS);
        }
      }
    }
    expect(wrongs).toEqual([]);
  });

  test("at a desk, another try helps", async () => {
    const token = await bootSwitchedOn("application");
    chip = token;
    const wrongs: string[] = [];
    for (const [call, codes] of Object.entries(DESK_CODES)) {
      for (const code of codes) {
        const name = `at a desk, ${call}, code ${code.toString(16)}`;
        await token.failNext(call, code);
        const first = await visit(token, (client) => client.status()).then(
          () => "is answered",
          (error: Error) => error.message,
        );
        await token.run(PATIENCE);
        const wrong = await outcome(`${name} (${first})`, token, 0);
        if (wrong) wrongs.push(`${name}: ${wrong}`);
      }
    }
    expect(wrongs).toEqual([]);
  });

  test("flash that does nothing, or refuses, is tried again", async () => {
    const token = await bootSwitchedOn("application");
    chip = token;
    await token.setNeighbours(3);
    const fail: readonly [string, () => Promise<void>][] = [
      ["one operation without effect", () => token.failFlash(1)],
      ["three operations without effect", () => token.failFlash(3)],
      ["a page that is not erased", () => token.failNext("sd_flash_page_erase", INTERNAL)],
      ["flash that is busy for a while", () => token.failNext("sd_flash_write", BUSY, 5)],
    ];
    for (const [name, make] of fail) {
      await make();
      await token.run(PATIENCE);
      expect([name, await outcome(name, token, 0)]).toEqual([name, ""]);
      // Erasing goes through flash from end to end.
      await make();
      const erased = await visit(token, (client) => client.erase()).then(
        () => "done",
        (error: Error) => error.message,
      );
      await token.run(WINDOW_MILLISECONDS);
      await token.failFlash(0);
      const status = await visit(token, async (client) => {
        await client.erase();
        await client.setClock(() => NOON + Math.round(token.state.time));
        await client.setState("on", false);
        return client.status();
      });
      tell(`${name}, while everything is erased: ${erased}; ${status.failures} failures told`);
      expect(status.state).toBe("on");
      await token.run(WINDOW_MILLISECONDS);
    }
  });
});
