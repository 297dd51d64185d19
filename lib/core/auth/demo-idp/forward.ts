import { request as httpRequest } from "node:http";
import { env } from "../../env";
import { readBody } from "../../http/body";
import { demoIdpPort } from "./listener";

const DROPPED = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);

/** Passes a request of the portal's origin to the demo provider behind it. 404 where the demo is off. */
export async function forwardToDemoIdp(request: Request): Promise<Response> {
  const { demo, oidc, url } = env();
  if (!demo || oidc) return new Response("Not found", { status: 404 });
  const port = await demoIdpPort();
  const from = new URL(request.url);
  const publicOrigin = new URL(url);
  const body = await readBody(request, 64 * 1024);
  const headers: Record<string, string> = {};
  request.headers.forEach((value, name) => {
    if (!DROPPED.has(name) && !name.startsWith("x-forwarded-")) headers[name] = value;
  });
  Object.assign(headers, {
    host: publicOrigin.host,
    "x-forwarded-host": publicOrigin.host,
    "x-forwarded-proto": publicOrigin.protocol.slice(0, -1),
    "content-length": String(body.length),
  });
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: "127.0.0.1", port, method: request.method, path: from.pathname + from.search, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const answer = new Headers();
        for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
          const name = incoming.rawHeaders[i] ?? "";
          if (!DROPPED.has(name.toLowerCase())) answer.append(name, incoming.rawHeaders[i + 1] ?? "");
        }
        const status = incoming.statusCode ?? 502;
        resolve(new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status, headers: answer }));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
