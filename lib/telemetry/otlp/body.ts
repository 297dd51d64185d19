import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { readBody } from "@/lib/core/http/body";
import { HttpError } from "@/lib/core/http/problem";
import { MAX_BODY_BYTES } from "../limits";
import { decodeRequest, type Signal } from "./messages";

const unzip = promisify(gunzip);

export type Encoding = "json" | "protobuf";
const TYPES: Record<string, Encoding> = { "application/json": "json", "application/x-protobuf": "protobuf" };

/** How the sender writes, and wants to be answered; null for what is neither. */
export function encodingOf(headers: Headers): Encoding | null {
  return TYPES[headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? ""] ?? null;
}

const tooLarge = () => new HttpError(413, "too_large", `The body is larger than ${MAX_BODY_BYTES / 1_048_576} MiB when unpacked. Send smaller batches.`);

async function unpacked(bytes: Buffer, coding: string): Promise<Buffer> {
  if (coding === "" || coding === "identity") return bytes;
  if (coding !== "gzip") throw new HttpError(415, "unsupported_media_type", `The content encoding "${coding.slice(0, 40)}" is not understood. Send gzip or none.`);
  try {
    // Stops at the limit: a small body cannot unpack to a large one.
    return await unzip(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw new HttpError(400, "unreadable", "The body is not valid gzip.");
  }
}

/** Reads, unpacks and decodes a request's body. Throws HttpError 400, 413 or 415. */
export async function readRequest(request: Request, signal: Signal, encoding: Encoding): Promise<{ tree: unknown; bytes: number }> {
  const sent = await readBody(request, MAX_BODY_BYTES);
  const bytes = await unpacked(sent, request.headers.get("content-encoding")?.trim().toLowerCase() ?? "");
  try {
    return { tree: encoding === "json" ? JSON.parse(bytes.toString("utf8") || "{}") : decodeRequest(signal, bytes), bytes: bytes.length };
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 120) : "unreadable";
    throw new HttpError(400, "unreadable", `The body is not a valid OTLP ${signal} request in ${encoding === "json" ? "JSON" : "protobuf"}: ${why}.`);
  }
}
