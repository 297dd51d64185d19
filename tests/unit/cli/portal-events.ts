import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { type ContractPortal, linesSoFar, problem, runNow } from "./contract-portal";

/** The event stream of the run: log lines after Last-Event-ID, the run whenever it changed, `end` when it is over. */
export async function sendEvents(portal: ContractPortal, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { cutAfter, mode } = portal.streams;
  if (mode === "refused") {
    const refusal = problem(429, "rate_limited", "You have 10 live pages open.");
    return void response.writeHead(refusal.status, refusal.headers).end(JSON.stringify(refusal.body));
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  if (mode === "silent") return;
  let last = Number(request.headers["last-event-id"] ?? 0);
  let shown = "";
  let sent = 0;
  /** Writes one event and tells whether the stream is to be cut now. */
  const write = (text: string) => {
    response.write(text);
    sent += 1;
    return cutAfter !== undefined && sent >= cutAfter;
  };
  response.write("retry: 1000\n\n: alive\n\n");
  for (; !response.destroyed; await wait(5)) {
    for (const line of linesSoFar(portal).filter((one) => one.seq > last)) {
      last = line.seq;
      if (write(`id: ${line.seq}\nevent: log\ndata: ${JSON.stringify(line)}\n\n`)) return void setImmediate(() => request.socket.destroy());
    }
    const run = runNow(portal);
    const text = JSON.stringify(run);
    if (text === shown) continue;
    shown = text;
    if (write(`event: run\ndata: ${text}\n\n`)) return void setImmediate(() => request.socket.destroy());
    if (!run.finishedAt) continue;
    return void response.end(`event: end\ndata: ${JSON.stringify({ status: run.status })}\n\n`);
  }
}
