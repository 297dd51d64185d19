import { httpHandler } from "@/lib/core/http/route";
import { nextTaskEvents } from "@/lib/golden-paths/stream";

export const GET = httpHandler(async (request, ctx, { id = "" }) => {
  const after = Number(new URL(request.url).searchParams.get("after") ?? 0);
  return Response.json(await nextTaskEvents(ctx, id, Number.isSafeInteger(after) && after > 0 ? after : 0, request.signal));
});
