import { request } from "node:http";
import { atPortal } from "./at-portal";

/** Asks a sandbox by its name; `*.localhost` does not resolve everywhere, so the name goes into the Host header. */
export function askSandbox(name: string, path = "/"): Promise<{ status: number; body: string }> {
  const { proxyPort } = atPortal();
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port: proxyPort, path, headers: { host: `${name}.localhost:${proxyPort}` } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
