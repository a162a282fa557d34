import type { Context } from "hono";
import type { z } from "zod";
import { ApiError } from "./api-error.ts";

/** Largest request body in bytes, as in exposure-notifications-server and verification-server. */
const MAX_BODY_BYTES = 64_000;

/**
 * Reads a JSON request body.
 *
 * @param schema what the body must look like
 * @param malformedCode the `code` of the error for a body that does not fit
 * @throws ApiError 415 for another content type, 413 above {@link MAX_BODY_BYTES}, 400 otherwise
 */
export async function readJson<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  malformedCode = "unparsable_request",
): Promise<z.output<Schema>> {
  if (!c.req.header("content-type")?.toLowerCase().startsWith("application/json")) {
    throw new ApiError(415, malformedCode, "The content type must be application/json.");
  }
  const bytes = await readBody(c.req.raw);
  if (!bytes) {
    throw new ApiError(413, malformedCode, `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  }
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new ApiError(400, malformedCode, "The body is not one JSON object.");
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  // Paths name fields and positions, never values. An unknown field is reported at its parent.
  const fields = new Set(parsed.error.issues.map((issue) => issue.path.join(".") || "body"));
  throw new ApiError(
    400,
    malformedCode,
    `The request has missing, unknown or malformed fields at: ${[...fields].slice(0, 5).join(", ")}.`,
  );
}

/**
 * The same for the verification server's API, where every fault of a body is a 400.
 *
 * @throws ApiError 400
 */
export async function readVerificationJson<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  malformedCode = "unparsable_request",
): Promise<z.output<Schema>> {
  try {
    return await readJson(c, schema, malformedCode);
  } catch (error) {
    if (error instanceof ApiError) throw new ApiError(400, error.code, error.message);
    throw error;
  }
}

/** Reads a body; undefined if it is larger than {@link MAX_BODY_BYTES}. */
export async function readBody(request: Request): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  if (request.body) {
    // Counted while it arrives: a chunked body declares no length.
    for await (const part of request.body as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > MAX_BODY_BYTES) return undefined;
      parts.push(part);
    }
  }
  return Buffer.concat(parts);
}
