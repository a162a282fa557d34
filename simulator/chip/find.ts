/**
 * What the emulated chip needs of this computer: Espruino's ELF file, the SoftDevice, and a Python that has the Unicorn engine.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const PRINT_FOLDER = "import os, unicorn; print(os.path.dirname(unicorn.__file__))";

/** Paths of what was found. */
export interface ChipFiles {
  /** Espruino for a Puck.js, with symbols. */
  readonly elf: string;
  /** Nordic's HEX file with MBR and S132 3.1.0; only the radio level needs it. */
  readonly softdevice: string | undefined;
  /** The folder of the Python package `unicorn`. */
  readonly unicorn: string;
}

/** What is missing, in one sentence; undefined when the chip can be run. */
export function missingForChip(environment = process.env): string | undefined {
  const elf = environment["ESPRUINO_ELF"];
  if (!elf || !existsSync(elf)) {
    return "Set ESPRUINO_ELF to the ELF file of an Espruino built for a Puck.js (see docs/chip.md).";
  }
  const softdevice = environment["SOFTDEVICE_HEX"];
  if (softdevice && !existsSync(softdevice)) {
    return "SOFTDEVICE_HEX names no file; it is s132_nrf52_3.1.0_softdevice.hex of Espruino's tree (see docs/chip.md).";
  }
  if (!unicornFolder(environment)) {
    return "Set UNICORN_PYTHON to a Python that has the package unicorn 2.1 (see docs/chip.md).";
  }
  return undefined;
}

/**
 * Finds them as the environment says.
 *
 * @throws Error with what is missing
 */
export function findChipFiles(environment = process.env): ChipFiles {
  const missing = missingForChip(environment);
  if (missing) throw new Error(missing);
  return {
    elf: environment["ESPRUINO_ELF"] as string,
    softdevice: environment["SOFTDEVICE_HEX"] || undefined,
    unicorn: unicornFolder(environment) as string,
  };
}

function unicornFolder(environment: NodeJS.ProcessEnv): string | undefined {
  try {
    const python = environment["UNICORN_PYTHON"] || "python3";
    return execFileSync(python, ["-c", PRINT_FOLDER], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}
