import { request } from "node:http";
import { isCode } from "./home";

export interface ProbeAnswer {
  ok: boolean;
  /** What was seen, as the middle of a sentence: `answered 503: …`. */
  saw: string;
  /** The socket is not there or nobody listens on it. */
  isSilent: boolean;
}

const BODY_LIMIT = 300;

function oneLine(body: string): string {
  const text = body.replace(/\s+/g, " ").trim();
  return text && !text.startsWith("<") ? `: ${text.slice(0, BODY_LIMIT)}` : "";
}

function explain(error: Error): Pick<ProbeAnswer, "saw" | "isSilent"> {
  if (isCode(error, "ENOENT", "ECONNREFUSED")) return { saw: "nothing listens on the socket", isSilent: true };
  if (isCode(error, "ECONNRESET")) return { saw: "the connection was cut", isSilent: false };
  if (error.name === "AbortError" || error.name === "TimeoutError") return { saw: "there was no answer in time", isSilent: false };
  return { saw: error.message, isSilent: false };
}

/** Asks for a path over a unix socket; any 2xx or 3xx is good. Never throws. */
export function probe(socketPath: string, path: string, timeoutMs: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ ok: false, ...explain(error) });
    const asked = request(
      { socketPath, path, agent: false, headers: { host: "localhost", "user-agent": "waymark-probe", connection: "close" }, signal: AbortSignal.timeout(timeoutMs) },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8");
        answer.on("error", fail);
        answer.on("data", (text: string) => {
          if (body.length < BODY_LIMIT) body += text;
        });
        answer.on("end", () => {
          const status = answer.statusCode ?? 0;
          resolve({ ok: status >= 200 && status < 400, saw: `answered ${status}${oneLine(body)}`, isSilent: false });
        });
      },
    );
    asked.on("error", fail);
    asked.end();
  });
}
