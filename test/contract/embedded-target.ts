import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import { openKeyServer } from "../../server/key-server.ts";
import { openSecretStore } from "../../server/secret-store.ts";
import { openSecrets } from "../../server/secrets.ts";
import { START } from "../server/pilot.ts";
import { issueCode, type Target } from "./target.ts";

const HOURS_UNTIL_EXPORT = 8;

/** This project's own server, in this process, over HTTP on loopback. */
export async function embeddedTarget(): Promise<Target> {
  const dataDir = mkdtempSync(join(tmpdir(), "saqbol-contract-"));
  let time = START;
  const server = openKeyServer({ dataDir, now: () => time });
  const [certificateKey] = openSecrets(openSecretStore(dataDir)).certificateKeys;
  const listening = await server.listen({ port: 0 });
  const { url } = listening;
  return {
    settings: {
      verificationUrl: url,
      apiKey: server.deviceKey,
      keyServerUrl: url,
      healthAuthorityId: server.healthAuthorityId,
    },
    now: () => time,
    issue: (request) => issueCode(url, server.adminKey, request),
    sign: (claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: "ES256", kid: certificateKey!.keyId, typ: "JWT" })
        .sign(certificateKey!.privateKey),
    issuer: "kz.saqbol.verification",
    audience: "kz.saqbol.key-server",
    exportNow: async () => {
      time += HOURS_UNTIL_EXPORT * 3600;
      server.createExports();
    },
    indexUrl: `${url}/exports/KZ/index.txt`,
    exportBaseUrl: `${url}/exports/`,
    trusted: server.exportPublicKeys,
    close: async () => {
      await listening.close();
      server.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
