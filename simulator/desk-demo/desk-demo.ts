/**
 * The desk of the demonstration: the real one, with simulated tokens in reach, that works with a server of its own.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtDirectory } from "../../companion/built-directory.ts";
import { CurrentExports } from "../../companion/desk/current-exports.ts";
import { Desk } from "../../companion/desk/desk.ts";
import { type DeskServer, startDeskServer } from "../../companion/desk-server/desk-server.ts";
import { ExportCache } from "../../companion/exports/export-cache.ts";
import { inThreads } from "../../companion/matching/threads-finder.ts";
import { DEFAULT_RISK_MODEL } from "../../companion/risk/risk-configuration.ts";
import { KeyServerClient } from "../../companion/servers/key-server-client.ts";
import { paceOf } from "../../companion/servers/pace.ts";
import { readTexts } from "../../companion/texts/texts.ts";
import { deskRadio } from "../desk-radio.ts";
import type { LinkFaults } from "../link.ts";
import { demoRoutes } from "./demo-routes.ts";
import { DeskWorld } from "./desk-world.ts";
import type { CallFaults } from "./prompt-server.ts";

/** Seconds without anybody at the desk, after which it is locked, as at a real one. */
const LOCK_AFTER = 5 * 60;
/** Where `npm run build:demo` puts the panel. */
const PANEL_DIRECTORY = builtDirectory("simulator/desk-demo/panel");

/** How to begin. */
export interface DeskDemoOptions {
  /** Unix seconds. */
  readonly now: number;
  /** TCP port; a free one unless told. */
  readonly port?: number;
  /** Whether the page says that nothing here is real, and has the panel beside it with which one plays. */
  readonly panel?: boolean;
  /** Seconds of the world in one of the wall clock; 1 unless told. */
  readonly speed?: number;
  /** What goes wrong, for tests; it may change at any time. */
  readonly faults?: CallFaults & LinkFaults;
  /** What is done before the desk opens, for tests. */
  readonly before?: ((world: DeskWorld) => Promise<void>) | undefined;
}

/** A desk that is being served. */
export interface DeskDemo {
  readonly world: DeskWorld;
  readonly server: DeskServer;
  /** Ends everything, and deletes what was downloaded. */
  close(): Promise<void>;
}

/** Lets ten days pass, and opens the desk; time passes from then on. @throws Failure those of the desk's server */
export async function openDeskDemo(options: DeskDemoOptions): Promise<DeskDemo> {
  const { panel = false, faults = {} } = options;
  const people = await DeskWorld.open({ now: options.now, seed: "desk demo", faults });
  await options.before?.(people);
  const directory = mkdtempSync(join(tmpdir(), "saqbol-desk-demo-"));
  const desk = deskFor(people, directory, panel, faults);
  const closeDesk = async (): Promise<void> => {
    await desk.close();
    await people.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const server = await startDeskServer(desk, {
      port: options.port,
      demonstration: panel ? { app: demoRoutes(people), directory: PANEL_DIRECTORY } : undefined,
    });
    people.start(options.speed);
    return {
      world: people,
      server,
      close: async () => {
        await server.close();
        await closeDesk();
      },
    };
  } catch (error) {
    await closeDesk();
    throw error;
  }
}

function deskFor(
  { world, devices, server }: DeskWorld,
  directory: string,
  demonstration: boolean,
  faults: LinkFaults,
): Desk {
  const { settings } = server;
  const now = (): number => world.now;
  const cache = new ExportCache({ regions: settings.exports, directory, now });
  const { url, healthAuthorityId } = settings.publish!;
  return new Desk({
    // What the server gives out at once is to be found at once.
    exports: new CurrentExports(cache, now, 0),
    openServers: (onPause) =>
      new KeyServerClient({
        verificationUrl: url,
        keyServerUrl: url,
        healthAuthorityId,
        onPause,
        pace: paceOf(world.timers, now),
      }),
    testResults: true,
    publishing: "registration-token",
    chaff: false,
    model: DEFAULT_RISK_MODEL,
    openFinder: inThreads,
    texts: readTexts(),
    openRadio: async () => ({ ...deskRadio(world, devices, faults), close: async () => {} }),
    linkTimers: world.timers,
    timers: world.timers,
    now,
    random: randomBytes,
    lockAfterSeconds: LOCK_AFTER,
    demonstration,
  });
}
