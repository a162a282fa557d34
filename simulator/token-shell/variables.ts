/**
 * Counts variables (JsVars) on the real interpreter, booted from a token's flash as it is: see `interpreter/memory.ts`, which
 * measures a whole week.
 *
 * @module
 */
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { CROWD } from "../interpreter/crowd.ts";
import { NEIGHBOURS } from "../interpreter/memory.ts";
import { runOnEspruino } from "../interpreter/run.ts";
import { TOKEN_KEY } from "../interpreter/scripted-desk.ts";

const COUNT = `
  var usage = 0, peak = 0;
  probe = function () {
    usage = process.memory().usage;
    if (usage > peak) peak = usage;
  };
  record = function () { probe(); };
  function value() { probe(); print("VALUE " + usage + " " + peak); peak = 0; }
  ${CROWD}
  value();`;

/** Variables, without those of the double and of the script. */
export interface Variables {
  /** All that there are. */
  readonly total: number;
  readonly afterBoot: number;
  readonly afterTenMinutes: number;
  /** The most at any time of these. */
  readonly peak: number;
}

/**
 * Measures a Puck.js. Its clock starts at 1970, as after a power loss.
 *
 * @param storage - the token's Storage
 * @param neighbours - so many are near, 60 at most
 * @throws Error with what the interpreter said when it failed
 */
export async function measureVariables(
  interpreter: string,
  storage: Uint8Array,
  neighbours: number,
): Promise<Variables> {
  async function values(image: Uint8Array, script: string): Promise<[number, number][]> {
    const { output } = await runOnEspruino([interpreter], image, `${COUNT} ${script}`);
    return Array.from(output.matchAll(/VALUE (\d+) (\d+)/g), (match) => [
      Number(match[1]),
      Number(match[2]),
    ]);
  }
  const nothing = buildStorageImage("puckjs", { serial: 1, key: TOKEN_KEY }, "0");
  // Without firmware: at rest, and in a call of the board from a timer.
  const [atRest, inCall, all] = await values(
    nothing,
    `setTimeout(function () { require("Flash").write(new Uint8Array(4), 0x6d000); }, 1);
    advance(1); value();
    print("VALUE 0 " + process.memory().total);`,
  );
  const [booted, later] = await values(
    storage,
    `crowd = ${Math.min(neighbours, NEIGHBOURS)}; advance(600); value();`,
  );
  return {
    total: all![1],
    afterBoot: booted![0] - atRest![0],
    afterTenMinutes: later![0] - atRest![0],
    peak: later![1] - inCall![1],
  };
}
