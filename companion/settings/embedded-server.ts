import type { TrustedKey } from "../exports/signature-list.ts";
import type { Settings } from "./settings.ts";

/**
 * Settings for this project's own key server, which speaks all protocols at one address.
 *
 * @param server - base address; http is allowed, since a pilot may be on one network
 * @param region - of the exports, such as `KZ`
 * @param publicKeys - keys whose signatures are believed
 */
export function embeddedServer(
  server: string,
  region: string,
  publicKeys: readonly TrustedKey[],
): Settings {
  const base = server.endsWith("/") ? server : `${server}/`;
  return {
    testResultsUrl: base,
    verification: {
      url: base,
      token: "registration-token",
      accept: ["confirmed"],
      apiKey: undefined,
    },
    publish: { url: base, healthAuthorityId: "kz.saqbol", chaffPerDay: undefined },
    exports: [
      {
        region,
        indexUrl: `${base}exports/${region}/index.txt`,
        baseUrl: `${base}exports/`,
        publicKeys,
      },
    ],
    riskConfig: undefined,
  };
}
