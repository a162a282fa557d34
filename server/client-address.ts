import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/**
 * The address by which attempts are counted: the peer of the connection, for IPv6 only its first 64
 * bits, because one subscriber owns all addresses below them. Empty when the app is called without
 * a socket. Header fields such as X-Forwarded-For are not read: anybody can write them.
 */
export function clientAddress(c: Context): string {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  return networkOf(incoming?.socket.remoteAddress ?? "");
}

/** The part of an IP address (in text form) that belongs to one subscriber. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail ? tail.split(":") : [];
  const zeros = new Array<string>(Math.max(0, 8 - front.length - back.length)).fill("0");
  return [...front, ...zeros, ...back].slice(0, 4).join(":").toLowerCase();
}
