import { onTestFinished } from "vitest";
import type { UpkeepContext } from "../../server/context.ts";
import { Database } from "../../server/database.ts";
import { openSecretStore } from "../../server/secret-store.ts";
import { openSecrets } from "../../server/secrets.ts";
import { type Pilot, seededRandom } from "./pilot.ts";

/** A second look at a pilot's data directory, on the pilot's clock, until the end of the test. */
export function upkeepContext(dataDir: string, pilot: Pick<Pilot, "time">): UpkeepContext {
  const db = new Database(dataDir);
  onTestFinished(() => db.close());
  return {
    db,
    secrets: openSecrets(openSecretStore(dataDir)),
    now: () => pilot.time,
    random: seededRandom("upkeep"),
    region: "KZ",
    breathe: () => {},
  };
}
