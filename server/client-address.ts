import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { TrustedProxies } from "./trusted-proxies.ts";

/**
 * The address by which attempts are counted, for IPv6 only its first 64 bits, because one
 * subscriber owns all addresses below them: the peer of the connection, or whom trusted proxies
 * name in X-Forwarded-For. From anybody else that header is not believed. Empty when the app is
 * called without a socket.
 */
export function clientAddress(c: Context, proxies: TrustedProxies): string {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  const forwardedFor = (c.req.header("x-forwarded-for") ?? "")
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  const peer = unmapped(incoming?.socket.remoteAddress ?? "");
  return networkOf(proxies.clientOf(peer, forwardedFor.map(unmapped)));
}

/** An IPv4 address that came in IPv6 form. */
function unmapped(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** The part of an IP address (in text form) that belongs to one subscriber. */
export function networkOf(address: string): string {
  const plain = unmapped(address);
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.split("%")[0]!.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail ? tail.split(":") : [];
  const zeros = new Array<string>(Math.max(0, 8 - front.length - back.length)).fill("0");
  return [...front, ...zeros, ...back].slice(0, 4).join(":").toLowerCase();
}
