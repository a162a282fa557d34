import type { ExportRegion } from "../exports/region-cache.ts";
import type { Settings } from "./settings.ts";

/**
 * Settings for this project's own key server, which speaks all protocols at one address.
 *
 * @param server - base address
 * @param source - region of the exports, such as `KZ`, and the keys whose signatures are believed; none when nothing is
 *   to be downloaded
 */
export function embeddedServer(
  server: string,
  source?: Pick<ExportRegion, "region" | "trustedKeys">,
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
    exports: source
      ? [
          {
            ...source,
            indexUrl: `${base}exports/${source.region}/index.txt`,
            baseUrl: `${base}exports/`,
          },
        ]
      : [],
    riskConfig: undefined,
    texts: undefined,
  };
}
