const HEARTBEAT_MS = 10_000;

export interface EventSink {
  send(event: string, data: unknown, id?: number | string): void;
  close(): void;
  signal: AbortSignal;
}

/** A server-sent event stream (WHATWG HTML §9.2). `work` writes until it returns, throws or the client goes away. */
export function eventStream(request: Request, work: (sink: EventSink) => Promise<void>): Response {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  request.signal.addEventListener("abort", () => gone.abort(), { once: true });
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      const write = (text: string) => {
        if (open) controller.enqueue(encoder.encode(text));
      };
      const heartbeat = setInterval(() => write(": alive\n\n"), HEARTBEAT_MS);
      const close = () => {
        if (!open) return;
        open = false;
        clearInterval(heartbeat);
        gone.abort();
        controller.close();
      };
      gone.signal.addEventListener("abort", close, { once: true });
      write("retry: 1000\n\n");
      const send = (event: string, data: unknown, id?: number | string) => write(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      work({ send, close, signal: gone.signal }).then(close, close);
    },
    cancel: () => gone.abort(),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform", "x-accel-buffering": "no" } });
}
