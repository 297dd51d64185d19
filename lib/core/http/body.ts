import { HttpError } from "./problem";

const MAX_BYTES = 1_048_576;
const MAX_DEPTH = 50;

/** Reads a body up to `maxBytes`, counting as it goes. Throws HttpError 413. */
export async function readBody(request: Request, maxBytes = MAX_BYTES): Promise<Buffer> {
  const tooLarge = () => new HttpError(413, "too_large", `The body is larger than ${Math.round(maxBytes / 1024)} KiB. Send less at once.`);
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a JSON object. Throws HttpError 400 (unreadable, too deep), 413 or 415. An empty body counts as {}. */
export async function readJson(request: Request, maxBytes = MAX_BYTES): Promise<Record<string, unknown>> {
  const value = await readJsonValue(request, maxBytes);
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new HttpError(400, "unreadable", "The body must be a JSON object.");
  return value as Record<string, unknown>;
}

/** Reads one JSON object or an array of them. Throws like `readJson`. */
export async function readJsonRows(request: Request): Promise<unknown[]> {
  const value = await readJsonValue(request);
  if (value === null || typeof value !== "object") throw new HttpError(400, "unreadable", "The body must be a JSON object or an array of them.");
  return Array.isArray(value) ? value : [value];
}

/** Reads any JSON. Throws HttpError 400, 413 or 415; an empty body counts as {}. */
export async function readJsonValue(request: Request, maxBytes = MAX_BYTES): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const bytes = await readBody(request, maxBytes);
  if (bytes.length === 0) return {};
  if (type !== "application/json" && !type.endsWith("+json")) {
    throw new HttpError(415, "unsupported_media_type", `The content type is "${type || "missing"}". Send application/json.`);
  }
  const text = bytes.toString("utf8");
  if (isTooDeep(text)) throw new HttpError(400, "too_deep", `The JSON is nested deeper than ${MAX_DEPTH} levels.`);
  try {
    return JSON.parse(text, (key, inner) => (key === "__proto__" ? undefined : inner)) as unknown;
  } catch (error) {
    throw new HttpError(400, "unreadable", `The body is not valid JSON: ${error instanceof Error ? error.message : "unreadable"}.`);
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === "\\") i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") {
      if (++depth > MAX_DEPTH) return true;
    } else if (char === "}" || char === "]") depth--;
  }
  return false;
}
