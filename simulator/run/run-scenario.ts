/**
 * Lives through a scenario: every person wears a simulated board that runs the bundle.
 *
 * @module
 */
import { setImmediate as breathe } from "node:timers/promises";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { enrolVisit } from "../../companion/visit/enrol-visit.ts";
import { TOKEN_KEY_BYTES } from "../../protocol/flash-layout.ts";
import { createAir } from "../air/air.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { DAY_HOURS, HOUR } from "../scenarios/days.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { World } from "../world.ts";
import { visitDesks } from "./desk-visits.ts";
import { Hearing } from "./hearing.ts";
import { Observation } from "./observation.ts";
import type { RunOutcome } from "./outcome.ts";
import type { Recipe, Share } from "./recipe.ts";

/** Tokens are handed out at a desk before the first midnight, and have changed their identifiers since. */
const BEFORE_SECONDS = 2 * HOUR;
/** Standard deviation of how much a board's clock is off, and the most, in parts per million: see `EspruinoDevice`. */
const DRIFT_PPM = 125;
const MOST_DRIFT_PPM = 250;

/** Who follows a run. */
export interface Follower {
  /** Called after each hour of virtual time, with the hours lived through so far. */
  progress(hours: number): void;
  /** Whether the run goes on after so many hours; what was lived through until then counts. */
  goesOn(hours: number): boolean;
}

/**
 * Runs all tokens and lets those of a share hear. What a token sends does not depend on what it hears, so that a token comes
 * out the same whatever the share.
 *
 * @returns the outcome of the share's tokens
 */
export async function runScenario(
  scenario: Scenario,
  recipe: Recipe,
  seed: string,
  share: Share,
  follower: Follower,
): Promise<RunOutcome> {
  const { board, firmware } = recipe;
  const world = new World(scenario.start - BEFORE_SECONDS, `run ${seed}`);
  const persons = scenario.persons.map((_, person) => person);
  const devices = persons.map((person) => {
    const random = world.random.fork(`board ${person}`);
    const identity = { serial: person + 1, key: random.bytes(TOKEN_KEY_BYTES) };
    const drift = Math.max(-1, Math.min(1, (DRIFT_PPM * random.normal()) / MOST_DRIFT_PPM));
    const image = buildStorageImage(board, identity, firmware);
    return world.addToken(`${person}`, image, drift * MOST_DRIFT_PPM, board);
  });
  for (const device of devices) device.powerOn();
  await visitDesks(world, devices, (client) => enrolVisit(client, () => world.now));
  world.run(scenario.start - world.now);

  const own = persons.filter((person) => person % share.of === share.index);
  const air = createAir(world.random.fork("air"), persons.length);
  const hearing = new Hearing(devices, own, air, world.timeline, scenario.start * 1000);
  const observations = own.map(
    (person) => new Observation(person, devices[person] as EspruinoDevice, world, recipe),
  );
  const byPerson = new Map(own.map((person, index) => [person, observations[index]]));
  hearing.onScan = (scan) => byPerson.get(scan.person)?.scanned(scan);
  let hours = 0;
  while (hours < recipe.days * DAY_HOURS && follower.goesOn(hours)) {
    if (hours % DAY_HOURS === 0) hearing.enter(scenario.day(hours / DAY_HOURS));
    hours++;
    world.run(scenario.start + hours * HOUR - world.now);
    if (hours % DAY_HOURS === 0) for (const each of observations) each.endDay();
    follower.progress(hours);
    // Lets a message or a signal come in.
    await breathe();
  }
  for (const each of observations) each.end();
  // Everyone goes to a desk, out of the others' reach.
  hearing.enter([]);
  const visited = await visitDesks(
    world,
    own.map((person) => devices[person] as EspruinoDevice),
    (client, index) => (observations[index] as Observation).visit(client),
    (index) => observations[index]?.leave(),
  );
  const tokens = visited.map((token, index) => ({
    ...token,
    energy: (observations[index] as Observation).energy,
  }));
  return { seed, days: hours / DAY_HOURS, tokens };
}
