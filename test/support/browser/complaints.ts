import type { Page } from "playwright-core";

/**
 * Collects what must never happen: errors and warnings in the console, exceptions, and what the Content-Security-Policy
 * refused. Failed actions, which answer 4xx or 5xx by design, are left out; the page shows them.
 */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    if (/^Failed to load resource: the server responded with a status of [45]/.test(message.text()))
      if (new URL(message.location().url).pathname.includes("/api/")) return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  return complaints;
}
