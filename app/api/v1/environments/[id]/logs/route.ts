import { setTimeout as wait } from "node:timers/promises";
import { eventStream } from "@/lib/core/http/event-stream";
import { requestCtx } from "@/lib/core/http/request-ctx";
import { httpHandler } from "@/lib/core/http/route";
import { openStream } from "@/lib/core/http/stream-limit";
import { readLogs } from "@/lib/environments/queries";

const FOLLOW_MS = 500;

export const GET = httpHandler(async (request, ctx, params) => {
  const { follow, ...query } = Object.fromEntries(new URL(request.url).searchParams);
  const input = { ...query, id: params.id ?? "" };
  const first = await readLogs(ctx, input);
  if (follow !== "1") return Response.json(first);
  const release = openStream(ctx);
  const work = async (sink: Parameters<Parameters<typeof eventStream>[1]>[0]) => {
    let page = first;
    for (;;) {
      for (const line of page.items) sink.send("log", line, line.offset);
      if (sink.signal.aborted) return;
      await wait(FOLLOW_MS, undefined, { signal: sink.signal });
      page = await readLogs(await requestCtx(request, ctx.requestId), { id: input.id, after: page.nextAfter });
    }
  };
  return eventStream(request, (sink) => work(sink).finally(release));
});
