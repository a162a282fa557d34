/**
 * What is written down of one token during a run.
 *
 * @module
 */
import type { TokenClient } from "../../companion/token/token-client.ts";
import { RECORD_BYTES } from "../../protocol/encounter-record.ts";
import { LAYOUTS } from "../../protocol/flash-layout.ts";
import { dayOf, intervalAt } from "../../protocol/intervals.ts";
import {
  ACCOUNTS,
  CAUSES,
  type Cause,
  type EnergyAccount,
  type EnergyAccounts,
} from "../energy/account.ts";
import { EnergyMeter } from "../energy/meter.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { DAY } from "../scenarios/days.ts";
import type { World } from "../world.ts";
import { DayRecorder } from "./day-recorder.ts";
import { readFlashLog } from "./flash-log.ts";
import { HeardExposure } from "./heard-exposure.ts";
import type { ScanHeard } from "./hearing.ts";
import type { TokenOutcome } from "./outcome.ts";
import type { Recipe } from "./recipe.ts";

/** Wearers are taken to visit a desk once a week. */
const VISIT_SECONDS = 7 * DAY;

/** Of one token, from the moment that this is made. */
export class Observation {
  readonly #person: number;
  readonly #device: EspruinoDevice;
  readonly #world: World;
  readonly #recipe: Recipe;
  readonly #start: number;
  readonly #meter: EnergyMeter;
  readonly #recorder: DayRecorder | undefined;
  readonly #fill: number[] = [];
  readonly #heard: HeardExposure;
  #seconds = 0;
  #energy: EnergyAccounts | undefined;
  #visitEnergy: EnergyAccounts | undefined;

  constructor(person: number, device: EspruinoDevice, world: World, recipe: Recipe) {
    this.#person = person;
    this.#device = device;
    this.#world = world;
    this.#recipe = recipe;
    this.#start = world.now;
    const firstDay = dayOf(intervalAt(world.now));
    this.#heard = new HeardExposure(() => dayOf(intervalAt(device.clock)) - firstDay);
    this.#meter = new EnergyMeter(recipe.board, world.timeline, device);
    const { watch } = recipe;
    if (watch?.person === person) {
      this.#recorder = new DayRecorder(device, watch.day, () => world.now - this.#start);
    }
  }

  /** Called at the end of each of its scans. */
  scanned(scan: ScanHeard): void {
    this.#heard.scanned(scan);
    this.#recorder?.scanned(scan);
  }

  /** Called at each midnight. */
  endDay(): void {
    const log = readFlashLog(LAYOUTS[this.#recipe.board], this.#device.flash.bytes);
    this.#fill.push(log.length / RECORD_BYTES);
  }

  /** Called when the last hour has been lived through; what follows is a visit to a desk. */
  end(): void {
    this.#seconds = this.#world.now - this.#start;
    this.#energy = this.#meter.accounts();
    this.#meter.reset();
    this.#recorder?.end();
  }

  /** At a desk, after the last hour: reads log and keys, with the wearer's consent. */
  async visit(client: TokenClient): Promise<Omit<TokenOutcome, "energy">> {
    const status = await client.status();
    const log = await client.readLog(undefined, status);
    await client.setState(status.state, true);
    const keys = await client.readKeys();
    await client.setState(status.state, false);
    const events = this.#recorder?.events;
    // Bytes are copied, for they may lie within something larger.
    return {
      person: this.#person,
      log: Uint8Array.from(log),
      wasFull: status.logFull,
      keys: keys.map(({ keyData, rollingStartIntervalNumber, rollingPeriod }) => ({
        key: Uint8Array.from(keyData),
        rollingStart: rollingStartIntervalNumber,
        rollingPeriod,
      })),
      seconds: this.#seconds,
      fill: this.#fill,
      heardMinutes: this.#heard.end(this.#fill.length),
      ...(events && { events }),
    };
  }

  /** Called when the sync window of that visit has closed. */
  leave(): void {
    this.#visitEnergy = this.#meter.accounts();
  }

  /** What was drawn until the end, and for one visit a week what this visit has drawn. */
  get energy(): EnergyAccounts {
    const [lived, visit] = [this.#energy as EnergyAccounts, this.#visitEnergy as EnergyAccounts];
    return Object.fromEntries(
      ACCOUNTS.map((name) => [name, this.#withVisits(lived[name], visit[name])]),
    ) as EnergyAccounts;
  }

  #withVisits(lived: EnergyAccount, visit: EnergyAccount): EnergyAccount {
    const visits = this.#seconds / VISIT_SECONDS;
    // What goes on anyway is in the account of the days.
    const extra = (cause: Cause): number =>
      cause === "sleep" || cause === "scanning" ? 0 : visit[cause] * visits;
    return Object.fromEntries(
      CAUSES.map((cause) => [cause, lived[cause] + extra(cause)]),
    ) as EnergyAccount;
  }
}
