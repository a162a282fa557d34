import type { Tried } from "../tune/frontier.ts";
export function renderFrontier(tried: readonly Tried[]): string {
  return JSON.stringify(tried);
}
