import { join } from "node:path";
import { lockDirectory } from "./directory-lock.ts";
import { type KeyServer, openKeyServer } from "./key-server.ts";
import { type KeyKindName, keyVersions } from "./key-versions.ts";
import type { Listening } from "./listen.ts";
import { listenForMetrics } from "./metrics-listener.ts";
import { openSecretStore } from "./secret-store.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";
import { runUpkeep } from "./upkeep.ts";

const UPKEEP_MINUTES = 5;
const REGION = "KZ";

/** What the command line or the environment said. */
export interface ServeOptions {
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly trustProxy?: TrustedProxies;
  readonly metricsPort?: number;
  readonly dailyCodes?: number;
  readonly maintenance?: boolean;
}

/**
 * Runs the key server until SIGTERM or SIGINT; then it answers what is under way, lets an export
 * that is being made come to its end, and closes.
 *
 * @throws StartError, or Node's own error, when it cannot start
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { data, port, host, trustProxy, metricsPort, dailyCodes, maintenance } = options;
  const lock = lockDirectory(data);
  const server = openKeyServer({
    dataDir: data,
    region: REGION,
    now: () => Date.now() / 1000,
    ...(trustProxy && { proxies: trustProxy }),
    ...(dailyCodes !== undefined && { dailyCodes }),
    ...(maintenance && { maintenance }),
  });
  const listeners: Listening[] = [];
  try {
    listeners.push(await server.listen({ port, host }));
    if (metricsPort !== undefined) {
      listeners.push(await listenForMetrics(server.metrics, metricsPort));
    }
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    server.close();
    lock.release();
    throw error;
  }
  let turn = upkeep(server, data);
  const timer = setInterval(() => {
    turn = turn.then(() => upkeep(server, data));
  }, UPKEEP_MINUTES * 60_000);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    clearInterval(timer);
    await Promise.all(listeners.map((listener) => listener.close()));
    await turn;
    server.close();
    lock.release();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  const store = openSecretStore(data);
  const files = (name: KeyKindName) => keyVersions(store, name)[0]!;
  const [service, metrics] = listeners;
  console.log(`Key server:        ${service!.url}`);
  if (metrics) console.log(`Metrics:           ${metrics.url}/metrics`);
  console.log(`Laboratory key:    ${join(data, files("laboratory").file)}`);
  console.log(`Device key:        ${join(data, files("device").file)}`);
  console.log(`Admin key:         ${join(data, files("admin").file)}`);
  console.log(`Export public key: ${join(data, files("export").publicFile!)}`);
  console.log("Stop with Ctrl-C.");
}

/** A fault here (such as a full disk) must not end the service; the next turn tries again. */
async function upkeep({ metrics }: KeyServer, dataDir: string): Promise<void> {
  const outcome = await runUpkeep({ dataDir, region: REGION });
  if ("fault" in outcome) {
    metrics.upkeepFailed();
    console.error(`fault: upkeep: ${outcome.fault}`);
    return;
  }
  const { report } = outcome;
  metrics.upkeepDone(report, Date.now() / 1000);
  if (report.exportFiles > 0) console.log(`Made ${report.exportFiles} export file(s).`);
}
