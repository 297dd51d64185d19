import { readJsonRows } from "./body";
import { HttpError } from "./problem";

/** The events of a request in the JSON form, whichever mode of the HTTP binding it used: structured, batched, or binary with `ce-` headers. Throws HttpError 400, 413 or 415. */
export async function readCloudEvents(request: Request): Promise<unknown[]> {
  const { headers } = request;
  const rows = await readJsonRows(request);
  if (!headers.has("ce-specversion")) return rows;
  if (rows.length !== 1) throw new HttpError(400, "unreadable", "In binary mode the body is the data of one event. Send several as application/cloudevents-batch+json.");
  const attributes: Record<string, string> = {};
  for (const [name, value] of headers) if (/^ce-[a-z0-9]{1,40}$/.test(name)) attributes[name.slice(3)] = decoded(value);
  return [{ ...attributes, data: rows[0] }];
}

/** Header values are percent-encoded where they are not plain text. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new HttpError(400, "unreadable", "A ce- header contains a malformed escape sequence.");
  }
}
