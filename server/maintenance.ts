import type { MiddlewareHandler } from "hono";
import { ApiError } from "./api-error.ts";
import type { ServerContext } from "./context.ts";

/** Refuses calls while the server is in maintenance: 429 `maintenance_mode`. */
export function refuseInMaintenance({ maintenance }: ServerContext): MiddlewareHandler {
  return async (_, next) => {
    if (maintenance) {
      throw new ApiError(429, "maintenance_mode", "The server is in maintenance; try again later.");
    }
    await next();
  };
}
