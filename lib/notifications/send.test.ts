import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { deliveries, users } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { type Receiver, startReceiver } from "@/tests/setup/receiver";
import { sendDue } from "./jobs";
import { connectChat, connectMail, disconnectChannel, testChannel } from "./mutations";
import { postMail } from "./notify";
import { listChannels } from "./queries";

useOwnDatabase();

interface MailServer {
  url: string;
  mails: string[];
  /** What it says to the recipient and to the message; `hang-up` closes the line instead. */
  says: { recipient: string; message: string };
  close(): void;
}

/** A mail server on loopback that keeps what it takes. */
async function startMailServer(): Promise<MailServer> {
  const open = new Set<Socket>();
  const mail: MailServer = { url: "", mails: [], says: { recipient: "250 ok", message: "250 ok" }, close: () => {} };
  const server = createServer((socket) => {
    open.add(socket);
    let taking = false;
    let text = "";
    socket.on("error", () => {});
    socket.write("220 test\r\n");
    socket.on("data", (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf(taking ? "\r\n.\r\n" : "\r\n"); end >= 0; end = text.indexOf(taking ? "\r\n.\r\n" : "\r\n")) {
        const line = text.slice(0, end);
        text = text.slice(end + (taking ? 5 : 2));
        if (taking) {
          taking = false;
          if (mail.says.message.startsWith("250") || mail.says.message === "hang-up") mail.mails.push(line);
          if (mail.says.message === "hang-up") return socket.destroy();
          socket.write(`${mail.says.message}\r\n`);
        } else if (/^RCPT/i.test(line)) socket.write(`${mail.says.recipient}\r\n`);
        else if (/^DATA/i.test(line)) {
          taking = true;
          socket.write("354 go on\r\n");
        } else socket.write("250 ok\r\n");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  mail.url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  mail.close = () => {
    for (const socket of open) socket.destroy();
    server.close();
  };
  return mail;
}

let mail: MailServer;
let chat: Receiver;
let pat: SignedIn;
let ada = "";
let now: Date;
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const message = (key: string) => ({ title: "The survey waits", body: "Six questions.", href: "/survey", dedupeKey: key });
const post = (key: string, to = [ada]) => db().transaction((tx) => postMail(tx, to, message(key), now));
const rows = () => db().select().from(deliveries);

beforeAll(async () => {
  mail = await startMailServer();
  chat = await startReceiver();
  process.env.WAYMARK_PRIVATE_HOSTS = new URL(chat.url).host;
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  ada = await aPerson("ada");
});

beforeEach(async () => {
  await db().delete(deliveries);
  mail.mails.length = 0;
  mail.says = { recipient: "250 ok", message: "250 ok" };
  now = await databaseNow();
});

afterAll(async () => {
  mail.close();
  await chat.close();
});

test("nothing is queued while mail is not set up; only admins set it up, with an address that can be one", async () => {
  await post("early");
  expect(await rows()).toEqual([]);
  expect(await outcome(testChannel(pat, { channel: "email" }))).toBe("conflict");
  expect(await outcome(connectMail(pat, { from: "waymark@example.com" }))).toBe("invalid");
  expect(await outcome(connectMail(pat, { url: "https://mail.example.com", from: "waymark@example.com" }))).toBe("invalid");
  expect(await outcome(connectMail(pat, { url: mail.url, from: "no address" }))).toBe("invalid");
  expect(await outcome(connectMail(await signedIn(ada), { url: mail.url, from: "waymark@example.com" }))).toBe("forbidden");
  await connectMail(pat, { url: mail.url, from: "Waymark <waymark@example.com>" });
  expect(await connectMail(pat, { from: "Waymark <waymark@example.com>" })).toMatchObject({ host: new URL(mail.url).host });
  const { items } = await listChannels(pat, {});
  expect(items[0]).toMatchObject({ channel: "email", source: "stored", from: "Waymark <waymark@example.com>" });
  expect(JSON.stringify(items)).not.toContain("smtp:");
});

test("a message goes out once, however often it is queued and whoever sends", async () => {
  for (let i = 0; i < 3; i++) await post("once", [ada, pat.actor.id]);
  const sent = await Promise.all([sendDue(later(1)), sendDue(later(1)), sendDue(later(1))]);
  expect(sent.reduce((a, b) => a + b, 0)).toBe(2);
  await post("once", [ada]);
  await sendDue(later(2));
  expect(mail.mails).toHaveLength(2);
  expect(mail.mails.join()).toContain("To: ada@example.com");
  expect(mail.mails[0]).toContain("Subject: The survey waits");
  expect(mail.mails[0]).toContain("/survey");
});

test("what was refused is tried again later, five times at most; what is refused for good is not", async () => {
  await post("busy");
  mail.says.recipient = "451 greylisted";
  await sendDue(later(0));
  await sendDue(later(0.5));
  expect((await rows())[0]).toMatchObject({ state: "waiting", attempts: 1 });
  mail.says.recipient = "250 ok";
  await sendDue(later(2));
  expect((await rows())[0]).toMatchObject({ state: "sent", attempts: 2, problem: null });
  await post("never");
  mail.says.message = "554 no";
  await sendDue(later(3));
  expect((await rows()).find((row) => row.dedupeKey === "never")).toMatchObject({ state: "failed", attempts: 1 });
  expect(mail.mails).toHaveLength(1);
  mail.says = { recipient: "451 greylisted", message: "250 ok" };
  await post("tired");
  for (let hour = 1; hour < 10; hour++) await sendDue(later(60 * hour * 3));
  expect((await rows()).find((row) => row.dedupeKey === "tired")).toMatchObject({ state: "failed", attempts: 5 });
});

test("nothing is sent twice when the line breaks after the message, or the sender dies", async () => {
  await post("cut");
  mail.says.message = "hang-up";
  await sendDue(later(0));
  mail.says.message = "250 ok";
  for (const minutes of [1, 20, 200]) await sendDue(later(minutes));
  expect(mail.mails).toHaveLength(1);
  expect((await rows())[0]).toMatchObject({ state: "failed" });
  await post("killed");
  await db().update(deliveries).set({ state: "sending", claimedAt: now, attempts: 1 }).where(eq(deliveries.dedupeKey, "killed"));
  for (const minutes of [1, 20, 200]) await sendDue(later(minutes));
  expect(mail.mails).toHaveLength(1);
  expect((await rows()).find((row) => row.dedupeKey === "killed")?.problem).toContain("may have arrived");
});

test("nobody without an address, nobody who left, and no demo person gets mail", async () => {
  await db().update(users).set({ isDemo: true }).where(eq(users.id, ada));
  await post("demo");
  expect(await rows()).toEqual([]);
  await db().update(users).set({ isDemo: false }).where(eq(users.id, ada));
  await post("gone");
  await db().update(users).set({ disabledAt: now }).where(eq(users.id, ada));
  await sendDue(later(0));
  expect(mail.mails).toEqual([]);
  expect((await rows())[0]).toMatchObject({ state: "failed" });
  await db().update(users).set({ disabledAt: null }).where(eq(users.id, ada));
});

test("the chat is told over its webhook, once, and a blocked address is said", async () => {
  expect(await outcome(connectChat(pat, { url: "ftp://chat" }))).toBe("invalid");
  await connectChat(pat, { url: chat.url });
  await testChannel(pat, { channel: "chat" });
  await sendDue(later(1));
  expect(chat.calls).toHaveLength(1);
  expect(chat.calls[0]?.body).toContain("A test from Waymark");
  await connectChat(pat, { url: "http://127.0.0.1:1/hook" });
  await testChannel({ ...pat, requestId: "req_2" }, { channel: "chat" });
  await sendDue(later(1));
  const { items } = await listChannels(pat, {});
  expect(items[1]).toMatchObject({ sentLately: 1, waiting: 0, lastProblem: { problem: expect.stringContaining("127.0.0.1:1 cannot be read") } });
  expect(await disconnectChannel(pat, { channel: "chat" })).toEqual({ disconnected: true });
});
