import { eventStream } from "@/lib/core/http/event-stream";
import { requestCtx } from "@/lib/core/http/request-ctx";
import { httpHandler } from "@/lib/core/http/route";
import { openStream } from "@/lib/core/http/stream-limit";
import { getRun } from "@/lib/runs/queries";
import { followRun } from "@/lib/runs/stream";

export const GET = httpHandler(async (request, ctx, params) => {
  const { id } = await getRun(ctx, { id: params.id ?? "" });
  const after = Number(request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after") ?? 0);
  const release = openStream(ctx);
  return eventStream(request, (sink) => followRun(sink, id, Number.isSafeInteger(after) && after > 0 ? after : 0, () => requestCtx(request, ctx.requestId)).finally(release));
});
