import { receiveCallback } from "@/lib/actions/jobs";
import { readJson } from "@/lib/core/http/body";
import { ipPrefix } from "@/lib/core/http/client-address";
import { openHandler } from "@/lib/core/http/route";

/** Enough for 500 long lines. */
const MAX_BYTES = 512 * 1024;

// The token is the whole credential: it is for one attempt of one run, and the caller is no person.
export const POST = openHandler(async (request) => {
  const runId = new URL(request.url).pathname.split("/").at(-2) ?? "";
  const [scheme, token] = (request.headers.get("authorization") ?? "").split(" ");
  const given = scheme?.toLowerCase() === "bearer" && token ? token : null;
  const result = await receiveCallback({ runId, token: given, network: ipPrefix(request.headers), read: () => readJson(request, MAX_BYTES) });
  return Response.json(result, { status: 202, headers: { "cache-control": "no-store" } });
});
