import { readFileSync } from "node:fs";
import { Elf } from "../../dist/simulator/chip/elf.js";
import { missingForChip } from "../../dist/simulator/chip/find.js";

const missing = missingForChip();
if (missing) {
  console.error(`${missing} Then run this again.`);
  process.exit(1);
}
try {
  const { board } = new Elf(readFileSync(process.env.ESPRUINO_ELF));
  console.log(`The chip's tests run the ${board} bundle.`);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
if (!process.env.SOFTDEVICE_HEX) {
  console.error(
    "SOFTDEVICE_HEX is not set (see docs/chip.md): what needs the real SoftDevice and its radio is skipped.",
  );
}
