import { limitRate } from "@/lib/core/auth/rate-limit";
import { isDomainError } from "@/lib/core/errors";
import { readBody } from "@/lib/core/http/body";
import { ipPrefix } from "@/lib/core/http/client-address";
import { HttpError } from "@/lib/core/http/problem";
import { openHandler } from "@/lib/core/http/route";
import { WEBHOOK_TYPES } from "@/lib/metrics/contract";
import { receiveWebhook } from "@/lib/metrics/mutations";

/** GitHub sends at most this much. */
const MAX_BYTES = 25 * 1_048_576;
const WRONG_PER_MINUTE = 60;

export const POST = (request: Request, { params }: { params: Promise<{ type: string }> }) =>
  openHandler(async () => {
    const { type: named } = await params;
    const type = WEBHOOK_TYPES.find((one) => one === named);
    if (!type) throw new HttpError(404, "not_found", `There is no webhook for "${named.slice(0, 40)}". There are: ${WEBHOOK_TYPES.join(", ")}.`);
    const { headers } = request;
    const content = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
    if (content !== "application/json")
      throw new HttpError(415, "unsupported_media_type", `The content type is "${content.slice(0, 60) || "missing"}". Choose application/json at the sender.`);
    try {
      const { id, repeated } = await receiveWebhook({ type, body: await readBody(request, MAX_BYTES), headers });
      return Response.json({ id, repeated }, { status: 202, headers: { "cache-control": "no-store" } });
    } catch (error) {
      if (isDomainError(error) && error.code === "unauthenticated") await limitRate(`webhook|${ipPrefix(headers) ?? "unknown"}`, WRONG_PER_MINUTE, 60);
      throw error;
    }
  })(request);
