/**
 * A stand-in for a laboratory that is connected to the key server.
 *
 * @module
 */

/** Tells the key server about samples. */
export interface Laboratory {
  /** Registers a sample under a 10-digit code; its result is pending. */
  register(code: string): Promise<void>;
  /** Reports a sample's result. */
  report(code: string, result: "negative" | "positive" | "invalid"): Promise<void>;
}

/** Connects a laboratory to a server with its API key. */
export function createLaboratory(url: string, apiKey: string): Laboratory {
  async function post(path: string, body: object): Promise<void> {
    const response = await fetch(new URL(path, url), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-API-Key": apiKey },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The key server answered the laboratory ${response.status}`);
  }
  return {
    register: (code) => post("laboratory/v1/samples", { code }),
    report: (code, result) => post("laboratory/v1/results", { code, result }),
  };
}
