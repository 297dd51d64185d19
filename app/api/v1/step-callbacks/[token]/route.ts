import { readJson } from "@/lib/core/http/body";
import { ipPrefix } from "@/lib/core/http/client-address";
import { openHandler } from "@/lib/core/http/route";
import { receiveStepReport } from "@/lib/golden-paths/jobs";

/** Enough for 500 long lines. */
const MAX_BYTES = 512 * 1024;

// The token in the address is the whole credential: it is for one call of one run, and the caller is no person.
export const POST = openHandler(async (request) => {
  const token = new URL(request.url).pathname.split("/").at(-1) ?? "";
  const result = await receiveStepReport({ token, network: ipPrefix(request.headers), read: () => readJson(request, MAX_BYTES) });
  return Response.json(result, { status: 202, headers: { "cache-control": "no-store" } });
});
