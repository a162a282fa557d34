/**
 * What is written down of one token during a run.
 *
 * @module
 */
import type { TokenClient } from "../../companion/token/token-client.ts";
import { LAYOUTS } from "../../protocol/flash-layout.ts";
import { RECORD_BYTES } from "../../protocol/encounter-record.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { exposureMinutes } from "../findings/kept.ts";
import type { World } from "../world.ts";
import { readFlashLog } from "./flash-log.ts";
import type { TokenOutcome } from "./outcome.ts";
import type { Recipe } from "./recipe.ts";
import type { EnergyAccount } from "../energy/account.ts";

/** Of one token, from the moment that this is made. */
export class Observation {
  readonly #person: number;
  readonly #device: EspruinoDevice;
  readonly #world: World;
  readonly #recipe: Recipe;
  readonly #start: number;
  readonly #fill: number[] = [];
  readonly #loggedMinutes: number[] = [];
  #seconds = 0;

  constructor(person: number, device: EspruinoDevice, world: World, recipe: Recipe) {
    this.#person = person;
    this.#device = device;
    this.#world = world;
    this.#recipe = recipe;
    this.#start = world.now;
  }

  /** Called at each midnight. */
  endDay(): void {
    const log = readFlashLog(LAYOUTS[this.#recipe.board], this.#device.flash.bytes);
    const day = this.#fill.length;
    this.#fill.push(log.length / RECORD_BYTES);
    this.#loggedMinutes.push(exposureMinutes(log, this.#start, day + 1)[day] ?? 0);
  }

  /** Called when the last hour has been lived through. */
  end(): void {
    this.#seconds = this.#world.now - this.#start;
  }

  /** At a desk, after the last hour: reads log and keys, with the wearer's consent. */
  async visit(client: TokenClient): Promise<TokenOutcome> {
    const status = await client.status();
    const log = await client.readLog(undefined, status);
    await client.setState(status.state, true);
    const keys = await client.readKeys();
    await client.setState(status.state, false);
    return {
      person: this.#person,
      log,
      wasFull: status.logFull,
      keys: keys.map(({ keyData, rollingStartIntervalNumber, rollingPeriod }) => ({
        key: keyData,
        rollingStart: rollingStartIntervalNumber,
        rollingPeriod,
      })),
      energy: {advertising:0,scanning:0,cpu:0,flash:0,signals:0,sync:0,sleep:0},
      seconds: this.#seconds,
      fill: this.#fill,
      loggedMinutes: this.#loggedMinutes,
    };
  }
}
