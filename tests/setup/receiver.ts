import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface ReceivedCall {
  headers: IncomingHttpHeaders;
  body: string;
  json: { callback: { url: string; token: string }; values: Record<string, unknown>; run: { id: string; attempt: number; isTest: boolean } } & Record<string, unknown>;
}

export interface Receiver {
  url: string;
  calls: ReceivedCall[];
  /** What the next calls are answered; the last one goes on counting. */
  answers: { status: number; body?: unknown; headers?: Record<string, string> }[];
  close(): Promise<void>;
}

/** A back end on loopback that notes what it is sent. Answers 202 unless told otherwise. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const receiver: Receiver = { url: "", calls: [], answers: [], close: async () => {} };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    receiver.calls.push({ headers: request.headers, body, json: JSON.parse(body) });
    const answer = (receiver.answers.length > 1 ? receiver.answers.shift() : receiver.answers[0]) ?? { status: 202 };
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  receiver.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return receiver;
}
