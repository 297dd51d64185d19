import "server-only";
import type { Tx } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { readBody } from "@/lib/core/http/body";
import { once } from "@/lib/core/http/idempotency";
import { httpHandler, type RouteHandler } from "@/lib/core/http/route";
import type { TemplateFiles } from "./archive";
import { readArchive } from "./archives/read-archive";
import type { UploadedFile } from "./contract";
import { exportPath } from "./editor-queries";
import { readRunArchive } from "./run-archive";

const MAX_UPLOAD_BYTES = 24 * 1024 * 1024;

// biome-ignore lint/suspicious/noExplicitAny: as in RouteHandler, operations of every input and output
type AnyOperation = NonNullable<RouteHandler["operation"]> & ((ctx: Ctx, input: any, within?: Tx) => Promise<unknown>);

/** An operation that takes `files`: as JSON, or as the body itself, a .zip or .tar.gz, with the other fields in the query. Up to 24 MB. */
export function uploadRoute(operation: AnyOperation, status = 200): RouteHandler {
  const handler = httpHandler(async (request, ctx, params) => {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const input = { ...query, ...(await uploadedInput(request)), ...params };
    const key = request.headers.get("idempotency-key");
    if (key === null || operation.kind === "query") return Response.json(await operation(ctx, input), { status });
    const answer = await once(ctx, key, `${new URL(request.url).pathname}\n${JSON.stringify(input)}`, async (tx) => ({ status, body: await operation(ctx, input, tx) }));
    return Response.json(answer.body, { status: answer.status });
  });
  return Object.assign(handler, { operation, status });
}

async function uploadedInput(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const bytes = await readBody(request, MAX_UPLOAD_BYTES);
  if (type !== "application/json") return { files: asUpload(await readArchive(bytes)) };
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"), (key, inner) => (key === "__proto__" ? undefined : inner));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new DomainError("invalid", 'The body is not valid JSON. Send {"files": […]}, or a .zip or .tar.gz archive.', { cause });
  }
  throw new DomainError("invalid", "The body must be a JSON object with files.");
}

function asUpload(files: TemplateFiles): UploadedFile[] {
  return [...files].map(([path, { content, mode }]) => ({ path, content: content.toString("base64"), encoding: "base64", isExecutable: mode === 0o755 }));
}

/** The archive of a version or a draft, as a download. */
export const downloadPath: RouteHandler = Object.assign(
  httpHandler(async (request, ctx, params) => {
    const input = { ...Object.fromEntries(new URL(request.url).searchParams), ...params } as Parameters<typeof exportPath>[1];
    const { fileName, type, content } = await exportPath(ctx, input);
    return new Response(new Uint8Array(content), { headers: { "content-type": type, "content-disposition": `attachment; filename="${fileName}"` } });
  }),
  { operation: exportPath },
);

/** The archive that `publish:zip` made in a run, as a download. */
export const downloadRunArchive: RouteHandler = Object.assign(
  httpHandler(async (_request, ctx, params) => {
    const { fileName, content } = await readRunArchive(ctx, { id: params["id"] ?? "" });
    return new Response(new Uint8Array(content), { headers: { "content-type": "application/zip", "content-disposition": `attachment; filename="${fileName}"` } });
  }),
  { operation: readRunArchive },
);

export { followTask, nextTaskEvents } from "./scaffolder/follow";
