import { BlockList, isIP, isIPv6 } from "node:net";

/** Decides from which address a call really comes. */
export interface TrustedProxies {
  /**
   * @param peer address of the connection
   * @param forwardedFor addresses of X-Forwarded-For, in order: each proxy adds at the end whom it
   *   was called by
   */
  clientOf(peer: string, forwardedFor: readonly string[]): string;
}

/** Believes nobody: the peer of the connection is the client. */
export const NO_PROXIES: TrustedProxies = { clientOf: (peer) => peer };

/**
 * Reads a setting: either the number of proxies that every call passes, or addresses and networks
 * (CIDR) of proxies, separated by commas.
 *
 * @returns undefined when it is neither
 */
export function parseTrustedProxies(setting: string): TrustedProxies | undefined {
  if (/^\d{1,2}$/.test(setting)) return byHops(Number(setting));
  const trusted = new BlockList();
  for (const network of setting.split(",")) {
    const [address = "", prefix, ...rest] = network.trim().split("/");
    if (isIP(address) === 0 || rest.length > 0) return undefined;
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    const bits = family === "ipv6" ? 128 : 32;
    if (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)) {
      return undefined;
    }
    trusted.addSubnet(address, Number(prefix ?? bits), family);
  }
  return byNetworks(trusted);
}

// With one proxy the client is the last entry: whatever stands before it the client may have made up.
function byHops(hops: number): TrustedProxies {
  return {
    clientOf: (peer, forwardedFor) => {
      const client = hops === 0 ? peer : forwardedFor.at(-hops);
      return client !== undefined && isIP(client) !== 0 ? client : peer;
    },
  };
}

// From the peer backwards, the first address that is not a proxy of ours.
function byNetworks(trusted: BlockList): TrustedProxies {
  const isTrusted = (address: string) => trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  return {
    clientOf: (peer, forwardedFor) => {
      let client = peer;
      for (const address of [...forwardedFor].reverse()) {
        if (isIP(address) === 0 || !isTrusted(client)) break;
        client = address;
      }
      return client;
    },
  };
}
