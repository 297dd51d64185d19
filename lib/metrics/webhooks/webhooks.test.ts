import { createHmac } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, webhookDeliveries, webhookSources } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { drainDirty } from "../drain";
import { createWebhookSource, deleteWebhookSource, receiveWebhook, replayWebhookDelivery, rotateWebhookSecret, setWebhookSource } from "../mutations";
import { listWebhookDeliveries, listWebhookSources } from "../queries";
import { processDelivery } from "./process";
import { isSignedBy } from "./signature";

useOwnDatabase();

let pat: SignedIn;
let ada: SignedIn;
let source: { id: string; secret: string };
let count = 0;

beforeAll(async () => {
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  ada = await signedIn(await aPerson("ada"));
  source = await createWebhookSource(pat, { name: "acme" });
});

const sign = (body: string, secret = source.secret) => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

function incoming(event: string, payload: unknown, over: { key?: string | null; signature?: string | null } = {}) {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  const signature = over.signature === undefined ? sign(body) : over.signature;
  const key = over.key === undefined ? `delivery-${++count}` : over.key;
  const headers = new Headers({
    "x-github-event": event,
    ...(key === null ? {} : { "x-github-delivery": key }),
    ...(signature === null ? {} : { "x-hub-signature-256": signature }),
  });
  return { type: "github" as const, body: Buffer.from(body), headers };
}

const isOurs = (secret: string, body: Buffer, signature: string | null) =>
  isSignedBy("github", secret, body, new Headers(signature === null ? {} : { "x-hub-signature-256": signature }));

async function deliver(event: string, payload: unknown, key?: string) {
  const { id } = await receiveWebhook(incoming(event, payload, key ? { key } : {}));
  await processDelivery(id);
  const [row] = await db().select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id));
  return { id, status: row?.status, result: row?.result };
}

const sha = (digit: string) => digit.repeat(40);
const repository = { full_name: "Acme/Till", default_branch: "main" };
const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour)).toISOString();
const push = (before: string, ids: [string, number, string?][]) => ({
  ref: "refs/heads/main",
  before,
  after: ids.at(-1)?.[0] ?? before,
  commits: ids.map(([id, hour, message = "Change"]) => ({ id, message, timestamp: at(hour), author: { name: "A" }, added: ["src/a.ts"], removed: [], modified: [] })),
  repository,
});
const status = (id: number, commit: string, state: string, hour: number) => ({
  deployment: { id, sha: commit, environment: "production", created_at: at(hour), production_environment: true },
  deployment_status: { state, created_at: at(hour) },
  repository,
});
const STORY: [string, unknown][] = [
  ["push", push(sha("0"), [[sha("a"), 1]])],
  ["deployment_status", status(1, sha("a"), "success", 2)],
  [
    "push",
    push(sha("a"), [
      [sha("b"), 3],
      [sha("c"), 4],
      [sha("d"), 5, "Merge pull request #1 from acme/x"],
    ]),
  ],
  ["deployment_status", status(2, sha("d"), "in_progress", 6)],
  ["deployment_status", status(2, sha("d"), "failure", 6)],
  ["deployment_status", status(2, sha("d"), "success", 7)],
  ["deployment_status", status(2, sha("d"), "inactive", 9)],
];

const figures = async () => {
  await drainDirty();
  const deployments = await db().execute(sql`select external_id, status, kind, changes, finished_at from delivery_deployments order by external_id`);
  const changes = await db().execute(sql`select sha, lead_seconds from delivery_changes where counted order by sha`);
  const days = await db().execute(sql`select * from delivery_node_sums order by node, grain, start`);
  return { deployments: [...deployments], changes: [...changes], days: [...days] };
};

test("pushes and deployment statuses become changes with lead times; merge commits are no changes", async () => {
  for (const [event, payload] of STORY) expect((await deliver(event, payload)).status).toMatch(/processed|ignored/);
  const { deployments, changes } = await figures();
  expect(deployments).toMatchObject([
    { external_id: "github-1", kind: "baseline", changes: 0 },
    { external_id: "github-2", status: "success", kind: "forward", changes: 2 },
  ]);
  expect(changes).toMatchObject([
    { sha: sha("b"), lead_seconds: 4 * 3_600 },
    { sha: sha("c"), lead_seconds: 3 * 3_600 },
  ]);
});

test("repeats, replays by an admin, and the same events under other ids in any order change no figure", async () => {
  const before = await figures();
  for (const { id } of (await listWebhookDeliveries(pat, {})).items) {
    await replayWebhookDelivery(pat, { id });
    await processDelivery(id);
  }
  for (const [event, payload] of [...STORY].reverse()) await deliver(event, payload);
  expect(await figures()).toEqual(before);
});

test("one delivery fifty times at once is kept once", async () => {
  const again = incoming("ping", { zen: "x" }, { key: "same" });
  const answers = await Promise.all(Array.from({ length: 50 }, () => receiveWebhook(again)));
  expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
  expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1);
  expect((await db().select().from(webhookDeliveries).where(eq(webhookDeliveries.deliveryKey, "same")))[0]?.repeats).toBe(49);
});

test("no altered signature, body or secret is accepted", () => {
  const body = Buffer.from(JSON.stringify(STORY[0]?.[1]));
  const good = sign(body.toString());
  expect(isOurs(source.secret, body, good)).toBe(true);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.constantFrom(..."0123456789abcdefg= "), fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (place, char, byte, flip) => {
      const altered = good.slice(0, place) + char + good.slice(place + 1);
      if (altered !== good) expect(isOurs(source.secret, body, altered)).toBe(false);
      const other = Buffer.from(body);
      other[byte] = (other[byte] ?? 0) ^ flip;
      expect(isOurs(source.secret, other, good)).toBe(false);
    }),
    { numRuns: 10_000 },
  );
  for (const header of [null, "", "sha256=", good.toUpperCase(), good.replace("sha256", "sha1"), `${good}0`, good.slice(0, -1)])
    expect(isOurs(source.secret, body, header)).toBe(false);
});

test("unsigned, wrongly signed or nameless deliveries leave nothing", async () => {
  const before = await db().select({ id: webhookDeliveries.id }).from(webhookDeliveries);
  expect(await outcome(receiveWebhook(incoming("push", {}, { signature: null })))).toBe("unauthenticated");
  expect(await outcome(receiveWebhook(incoming("push", {}, { signature: sign("{}", "another") })))).toBe("unauthenticated");
  expect(await outcome(receiveWebhook(incoming("push", {}, { key: null })))).toBe("invalid");
  expect(await outcome(receiveWebhook(incoming("../push", {})))).toBe("invalid");
  expect(await db().select({ id: webhookDeliveries.id }).from(webhookDeliveries)).toHaveLength(before.length);
});

test.each([
  ["no JSON", "push", "{"],
  ["an array", "push", "[]"],
  ["null", "deployment_status", "null"],
  ["a push without repository", "push", { ...push(sha("a"), [[sha("b"), 1]]), repository: undefined }],
  ["a hash that is none", "push", push(sha("a"), [["--upload-pack=x", 1]])],
  ["a time that is none", "deployment_status", { ...status(9, sha("a"), "success", 1), deployment_status: { state: "success", created_at: "NaN" } }],
  ["a merge request of another product", "pull_request", { object_kind: "merge_request" }],
])("%s is kept as failed with the reason, and nothing else", async (_what, event, payload) => {
  const before = await figures();
  const { status: state, result } = await deliver(event, payload);
  expect(state).toBe("failed");
  expect(result).toMatch(/^Not what GitHub sends: /);
  expect(await figures()).toEqual(before);
});

test("hostile texts are kept as texts", async () => {
  const name = "=cmd|' /C calc'!A0\u0000<script>alert(1)</script>";
  const { status: state } = await deliver("push", push(sha("d"), [[sha("e"), 10, name]]));
  expect(state).toBe("processed");
  const [row] = await db().execute<{ subject: string }>(sql`select subject from delivery_commits where sha = ${sha("e")}`);
  expect(row?.subject).toBe("=cmd|' /C calc'!A0<script>alert(1)</script>");
});

test("a new secret works at once, the old one for another day; switched off or removed, a source is refused", async () => {
  const old = source.secret;
  const fresh = await rotateWebhookSecret(pat, { id: source.id });
  const body = JSON.stringify({ zen: "y" });
  const withSecret = (secret: string) => outcome(receiveWebhook(incoming("ping", body, { signature: sign(body, secret) })));
  expect(fresh.secret).not.toBe(old);
  expect([await withSecret(fresh.secret), await withSecret(old)]).toEqual(["done", "done"]);
  await db()
    .update(webhookSources)
    .set({ previousUntil: new Date(pat.now.getTime() - 1_000) })
    .where(eq(webhookSources.id, source.id));
  expect([await withSecret(fresh.secret), await withSecret(old)]).toEqual(["done", "unauthenticated"]);
  await setWebhookSource(pat, { id: source.id, isEnabled: false });
  expect(await withSecret(fresh.secret)).toBe("unauthenticated");
  await setWebhookSource(pat, { id: source.id, isEnabled: true });
  await deleteWebhookSource(pat, { id: source.id });
  expect(await withSecret(fresh.secret)).toBe("unauthenticated");
  source = await createWebhookSource(pat, { name: "acme" });
});

test("sources are the platform team's; a taken name and a missing source are said; every change is audited without the secret", async () => {
  const refused = [
    () => listWebhookSources(ada, {}),
    () => createWebhookSource(ada, { name: "mine" }),
    () => rotateWebhookSecret(ada, { id: source.id }),
    () => listWebhookDeliveries(ada, {}),
  ];
  for (const call of refused) expect(await outcome(call())).toBe("forbidden");
  expect(await outcome(createWebhookSource(pat, { name: "acme" }))).toBe("conflict");
  expect(await outcome(createWebhookSource(pat, { name: " " }))).toBe("invalid");
  expect(await outcome(rotateWebhookSecret(pat, { id: "whs_none" }))).toBe("not_found");
  expect(await outcome(replayWebhookDelivery(pat, { id: "whd_none" }))).toBe("not_found");
  const events = await db().select().from(auditEvents).where(eq(auditEvents.name, "webhook-source.manage"));
  expect(events.filter((event) => event.result === "done").map((event) => event.detail.change ?? "replayed")).toEqual(
    expect.arrayContaining(["created", "new secret", "switched off", "switched on", "removed", "replayed"]),
  );
  const [stored] = await db().select().from(webhookSources);
  expect(JSON.stringify([events, stored, await listWebhookSources(pat, {})])).not.toContain(source.secret);
});
