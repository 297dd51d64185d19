import { readBody, readJson } from "./body";
import { HttpError } from "./problem";

const MAX_BYTES = 10 * 1024 * 1024;

/**
 * The files of a request as `{files: [{name, text}]}`: one YAML body, multipart files, or JSON of that shape.
 * Throws HttpError 400 (not UTF-8, broken multipart), 413 over 10 MB, 415.
 */
export async function readUploads(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "multipart/form-data") return { files: await multipartFiles(request) };
  if (/^(application|text)\/(x-)?yaml$/.test(type) || type === "text/plain") {
    return { files: [{ name: "catalog-info.yaml", text: decoded(await readBody(request, MAX_BYTES), "The body") }] };
  }
  if (type === "application/json" || type === "") return readJson(request);
  throw new HttpError(415, "unsupported_media_type", `The content type is "${type}". Send application/yaml, multipart/form-data or application/json.`);
}

async function multipartFiles(request: Request): Promise<{ name: string; text: string }[]> {
  const body = await readBody(request, MAX_BYTES);
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { "content-type": request.headers.get("content-type") ?? "" } }).formData();
  } catch {
    throw new HttpError(400, "unreadable", "The multipart body cannot be read. Send each file as a part with a file name.");
  }
  const parts = [...form.values()].filter((part) => part instanceof File);
  return Promise.all(parts.map(async (file) => ({ name: fileName(file.name), text: decoded(Buffer.from(await file.arrayBuffer()), fileName(file.name)) })));
}

/** Only shown and compared, never opened: without what would lead out or mislead. */
function fileName(name: string): string {
  const parts = name
    .replace(/\\/g, "/")
    .split("/")
    .filter((part) => part && part !== "." && part !== "..");
  return (
    parts
      .join("/")
      .replace(/[\u0000-\u001f\u007f]/g, "")
      .slice(0, 400) || "file"
  );
}

function decoded(bytes: Buffer, label: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError(400, "unreadable", `${label} is not UTF-8. Save it as UTF-8 and send it again.`);
  }
}
