import { readJson } from "@/lib/core/http/body";
import { ipPrefix } from "@/lib/core/http/client-address";
import { openHandler } from "@/lib/core/http/route";
import { pollDeviceGrant } from "@/lib/identity/mutations";

export const POST = openHandler(async (request) =>
  Response.json(await pollDeviceGrant(await readJson(request), ipPrefix(request.headers)), { headers: { "cache-control": "no-store" } }),
);
