import { missingForChip } from "../../dist/simulator/chip/find.js";

const missing = missingForChip();
if (missing) {
  console.error(`${missing} Then run this again.`);
  process.exit(1);
}
