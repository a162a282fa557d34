import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkFiles, MEMORY_LIMIT, onTopOfNode } from "../../../simulator/export-bench/memory.ts";
import {
  NATIONAL_KEYS,
  writeNationalExport,
} from "../../../simulator/export-bench/national-export.ts";

test("a file with 500,000 keys is checked with less than 150 MB on top of Node's own", () => {
  const directory = mkdtempSync(join(tmpdir(), "saqbol-memory-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const { zip, pem } = writeNationalExport(directory);
  const check = checkFiles(pem, [zip]);
  expect(check.keys).toBe(NATIONAL_KEYS);
  expect(onTopOfNode(check)).toBeLessThan(MEMORY_LIMIT);
});
