import {
  decode,
  encode,
  ON,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
  STATUS,
  STATUS_LAYOUT,
  ZONE_OFFSET,
} from "../../../protocol/messages.ts";
import { boot, type Firmware } from "./boot.ts";
import { Machine } from "./machine.ts";
import { FACTORY_ADDRESS, rpiOnAir } from "./radio.ts";

const POOL_BYTES = 6 * 4096;

/** A request that sets the clock to Unix seconds, at UTC. */
export const clockRequest = (unixSeconds: number): Uint8Array =>
  encode(SET_CLOCK, 1, SET_CLOCK_LAYOUT, [Math.floor(unixSeconds), ZONE_OFFSET]);

/** A request that sets state and consent bits. */
export const stateRequest = (state: number, consent = 0): Uint8Array =>
  encode(SET_STATE, 2, SET_STATE_LAYOUT, [state, consent]);

/** A token on the fake board whose clock a desk has set, and which is on, unless its window is to stay open; Unix seconds. */
export function wornMachine(
  world: number,
  offset = 0,
  prepare = (_: Machine) => {},
): { machine: Machine; firmware: Firmware } {
  const machine = new Machine(new Uint8Array(POOL_BYTES).fill(0xff), world);
  prepare(machine);
  const firmware = boot(machine);
  atDesk(machine, () => [clockRequest(machine.world + offset), stateRequest(ON)]);
  return { machine, firmware };
}

/** Opens the window, and sends requests; the window has closed afterwards. Returns the responses. */
export function atDesk(
  machine: Machine,
  requests: () => readonly Uint8Array[],
): (Uint8Array | undefined)[] {
  machine.press(3.5);
  const responses = requests().map((each) => machine.request(each));
  machine.advance(61 + 6);
  return responses;
}

/** What a desk is told: fields of `STATUS_LAYOUT`. */
export function statusOf(machine: Machine): { failures: number; time: number; epoch: number } {
  const [response] = atDesk(machine, () => [encode(STATUS, 3, "", [])]);
  const fields = decode(STATUS_LAYOUT, response!);
  return { failures: fields[2]!, time: fields[4]!, epoch: fields[9]! };
}

/** What is wrong with what was sent: an RPI under two addresses or the board's own, or an address with two RPIs. */
export function mixedUp(machine: Machine): string[] {
  const partners = new Map<string, string>();
  return machine.sent.flatMap(({ onAir }) => {
    const rpi = rpiOnAir(onAir);
    if (!rpi || !onAir) return [];
    const { address } = onAir;
    if (address === FACTORY_ADDRESS) return [`${rpi} under the board's own address`];
    const known = [partners.get(address) ?? rpi, partners.get(rpi) ?? address];
    partners.set(address, rpi);
    partners.set(rpi, address);
    return known[0] === rpi && known[1] === address ? [] : [`${rpi} under ${address}`];
  });
}
