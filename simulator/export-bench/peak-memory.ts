import { readFileSync } from "node:fs";

/** The most that this process ever had in memory, in bytes. */
export function peakMemory(): number {
  // On Linux, maxRSS is at least what the process had that started this one.
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] =
    /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
