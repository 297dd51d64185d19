import { limitRate } from "@/lib/core/auth/rate-limit";
import { isDomainError } from "@/lib/core/errors";
import { readBody } from "@/lib/core/http/body";
import { ipPrefix } from "@/lib/core/http/client-address";
import { openHandler } from "@/lib/core/http/route";
import { backChannelLogout } from "@/lib/identity/mutations";

const noStore = { "cache-control": "no-store" };

export const POST = openHandler(async (request) => {
  await limitRate(`logout|${ipPrefix(request.headers) ?? "unknown"}`, 300, 60);
  const token = new URLSearchParams((await readBody(request, 64 * 1024)).toString("utf8")).get("logout_token");
  try {
    await backChannelLogout(token ?? "");
  } catch (error) {
    if (!isDomainError(error) || error.code !== "invalid") throw error;
    return Response.json({ error: "invalid_request", error_description: error.message }, { status: 400, headers: noStore });
  }
  return new Response(null, { status: 200, headers: noStore });
});
