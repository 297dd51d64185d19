import { Transform } from "node:stream";
import type { deliveries } from "@/db/schema";
import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { safeFetch } from "@/lib/core/safe-fetch";
import type { Outlet } from "./connections";

type Delivery = typeof deliveries.$inferSelect;

/** How one attempt went. `refused` is known not to have arrived and may be repeated; of `unknown` nobody can say, so it is not. */
export type Attempt = { result: "sent" } | { result: "refused" | "unknown" | "final"; problem: string };

const CONNECT_MS = 10_000;
const SOCKET_MS = 30_000;
const ANSWER_MS = 15_000;
const ANSWER_BYTES = 64 * 1_024;

/** One attempt to send an e-mail over SMTP. Never throws. */
export async function sendMail(outlet: Outlet, to: string, { id, title, body, href }: Delivery): Promise<Attempt> {
  const { url } = env();
  // Loaded with the first message: most portals send none.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    url: outlet.url,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SOCKET_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // The message's stream is made when the server is connected to and signed in at; from then on it may have got it.
  let isUnderWay = false;
  transport.use("stream", (mail, done) => {
    mail.message.transform(
      new Transform({
        transform(chunk, _encoding, next) {
          isUnderWay = true;
          next(null, chunk);
        },
      }),
    );
    done();
  });
  try {
    await transport.sendMail({
      from: outlet.from ?? undefined,
      to: { name: "", address: to },
      subject: title,
      text: `${body}\n\n${url}${href}\n\n-- \nSent by Waymark, ${url}. Whether it asks you, and when, is on ${url}/survey.\n`,
      // The same for every attempt, so that a mail server that got it already can tell.
      messageId: `<${id}@${new URL(url).hostname}>`,
    });
    return { result: "sent" };
  } catch (error) {
    return mailProblem(error as SmtpError, isUnderWay);
  } finally {
    transport.close();
  }
}

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
}

function mailProblem({ code, responseCode, message }: SmtpError, isUnderWay: boolean): Attempt {
  const problem = `The mail server did not take it: ${String(message).slice(0, 300)}`;
  // 5xx is for good, but not a wrong password, which an admin can change. Whatever the server answered, it did not take the message.
  if (responseCode !== undefined && responseCode >= 500 && code !== "EAUTH") return { result: "final", problem };
  if (responseCode !== undefined || !isUnderWay) return { result: "refused", problem };
  return { result: "unknown", problem: `It is not known whether the mail server took it, so it is not sent again: ${String(message).slice(0, 300)}` };
}

/** One attempt to send a message to an incoming webhook, in the form that Slack, Mattermost and Google Chat take. Never throws. */
export async function sendChat(outlet: Outlet, { title, body, href }: Delivery): Promise<Attempt> {
  try {
    const answer = await safeFetch(outlet.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: `${title}\n${body}\n${env().url}${href}` }),
      timeoutMs: ANSWER_MS,
      maxBytes: ANSWER_BYTES,
    });
    if (answer.status >= 200 && answer.status < 300) return { result: "sent" };
    const problem = `The chat answered ${answer.status}.`;
    return { result: answer.status === 429 || answer.status >= 500 ? "refused" : "final", problem };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (isDomainError(error) && error.code === "invalid") return { result: "final", problem };
    const code = error instanceof Error && error.cause instanceof Error && "code" in error.cause ? error.cause.code : "";
    return code === "ECONNREFUSED" || code === "ENOTFOUND"
      ? { result: "refused", problem }
      : { result: "unknown", problem: `${problem} It is not known whether it arrived, so it is not sent again.` };
  }
}
