import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { webhookDeliveries } from "@/db/schema";
import { readCloudEvents } from "@/lib/core/http/cloud-events";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { inEnvelope, ingestEvents } from "../mutations";
import { processDelivery } from "../webhooks/process";
import conformance from "./conformance.json";
import { faultsOf } from "./schema-check";
import { standingTo, versionOf } from "./versions";

useOwnDatabase();

let pat: SignedIn;
let bo: SignedIn;
beforeAll(async () => {
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  bo = await signedIn(await aPerson("bo"));
});

type CdEvent = { context: { id: string; source: string; type: string; timestamp: string }; subject: Record<string, unknown>; customData?: unknown };
const events = conformance.events as unknown as CdEvent[];
const send = async (who: SignedIn, ...items: unknown[]) => ingestEvents(who, { items: (JSON.parse(JSON.stringify(items)) as unknown[]).map(inEnvelope) } as never);

async function workAll() {
  for (let round = 0; round < 3; round++)
    for (const { id } of await db().select({ id: webhookDeliveries.id }).from(webhookDeliveries).where(eq(webhookDeliveries.status, "received"))) await processDelivery(id);
}

test.each(events.map((event) => [event.context.type, event] as const))("%s: the conformance file is accepted, a broken copy is not", async (type, event) => {
  expect(faultsOf(type, event)).toEqual([]);
  expect(await send(pat, event)).toMatchObject({ accepted: 1 });
  expect(await outcome(send(pat, { ...event, subject: { ...event.subject, id: undefined } }))).toBe("invalid");
  expect(await outcome(send(pat, { ...event, context: { ...event.context, timestamp: undefined } }))).toBe("invalid");
  expect(await outcome(send(pat, { ...event, surprise: 1 }))).toBe("invalid");
});

test("all of them are worked on without a failure, and sent again they are repeats", async () => {
  await workAll();
  expect(await db().execute(sql`select event, result from webhook_deliveries where status in ('failed', 'received')`)).toHaveLength(0);
  const before = await db().$count(webhookDeliveries);
  expect(await send(pat, ...events)).toMatchObject({ accepted: events.length, repeated: events.length });
  expect(await db().$count(webhookDeliveries)).toBe(before);
});

const cd = (kind: string, version: string, id: string, subject: object, customData?: object) => ({
  context: { specversion: "0.5.0", id, source: "/ci/acme", type: `dev.cdevents.${kind}.${version}`, timestamp: "2026-03-02T10:00:00Z" },
  subject,
  ...(customData ? { customData } : {}),
});
const artifact = "pkg:oci/till@sha256%3Aabc";

test("a deployment waits for the artifact's commit when that comes later, and takes it from there when it came before", async () => {
  await send(pat, cd("service.deployed", "0.3.0", "dep-1", { id: "till", content: { environment: { id: "production" }, artifactId: artifact } }));
  await workAll();
  const deployed = () => db().execute(sql`select service, commit, repository, tier, source from delivery_deployments where service = 'component:default/till'`);
  expect(await deployed()).toHaveLength(0);
  await send(pat, cd("artifact.packaged", "0.3.0", "pack-1", { id: artifact, content: { change: { id: "e".repeat(40), source: "git.example/acme/till" } } }));
  await workAll();
  expect([...(await deployed())]).toEqual([{ service: "component:default/till", commit: "e".repeat(40), repository: "acme/till", tier: "production", source: "events" }]);
  await send(pat, cd("service.upgraded", "0.3.0", "dep-2", { id: "till", content: { environment: { id: "production" }, artifactId: artifact } }));
  await workAll();
  expect(await deployed()).toHaveLength(2);
});

const older = (kind: string, version: string, spec: string, id: string, subject: object, more: object = {}) => ({
  context: { version: spec, id, source: "/ci/acme", type: `dev.cdevents.${kind}.${version}`, timestamp: "2026-03-02T10:00:00Z" },
  subject: { type: kind.split(".")[0], ...subject },
  ...more,
});

test.each([
  ["0.1.1", "0.3.0"],
  ["0.2.0", "0.4.1"],
  ["0.2.7", "0.4.9"],
])("service.deployed %s of CDEvents %s is a deployment like one of 0.5", async (version, spec) => {
  const name = `till-${version.replaceAll(".", "-")}`;
  const content = { environment: { id: "production" }, artifactId: `pkg:oci/${name}@sha256%3Aabc` };
  await send(
    pat,
    older("artifact.packaged", version, spec, `pack-${version}`, { id: content.artifactId, content: { change: { id: "d".repeat(40), source: "git.example/acme/till" } } }),
    older("service.deployed", version, spec, `old-${version}`, { id: name, content }),
    older("incident.detected", version, spec, `inc-${version}`, { id: `inc-${version}`, content: { service: { id: name }, environment: { id: "production" } } }),
  );
  await workAll();
  const rows = await db().execute(sql`select commit from delivery_deployments where service = ${`component:default/${name}`}`);
  expect([...rows]).toEqual([{ commit: "d".repeat(40) }]);
  expect(await db().execute(sql`select 1 from incidents where external_id = ${`inc-${version}`}`)).toHaveLength(1);
});

test("versions that are not understood are refused with those that are; a patch is understood, kinds that nobody uses are kept", async () => {
  const subject = { id: "till", content: { environment: { id: "production" }, artifactId: artifact } };
  const refusal = (event: object) =>
    send(pat, event).then(
      () => null,
      (error: { fields: { path: string; message: string }[] }) => error.fields[0],
    );
  for (const version of ["0.4.0", "1.0.0", "0.4.0-draft"])
    expect(await refusal(cd("service.deployed", version, `new-${version}`, subject))).toEqual({
      path: "items.0.data.context.type",
      message: `Waymark understands dev.cdevents.service.deployed of the versions 0.1 to 0.3 (CDEvents 0.1 to 0.5), and this is ${version}. Send one of those.`,
    });
  expect(await refusal(cd("service.deployed", "0.3.1", "patch", subject))).toBeNull();
  expect(await refusal(cd("spaceship.launched", "7.0.0", "odd", { id: "x", content: {} }))).toBeNull();
  expect(await refusal(older("service.deployed", "0.3.0", "0.4.1", "mixed", subject))).toMatchObject({
    path: "items.0.data.context.version",
    message: expect.stringContaining("calls this specversion"),
  });
  expect(await refusal(older("service.deployed", "0.2.0", "0.4.1", "bare", { id: "till", content: null }))).toEqual({
    path: "items.0.data.subject.content",
    message: "“subject.content” is empty; it has to be an object.",
  });
  expect(await refusal({ ...cd("service.deployed", "0.3.0", "more", subject), surprise: 1 })).toMatchObject({
    message: "The field “surprise” is not part of this event. Remove it, or put it into customData.",
  });
});

test("a version is newer or older by major and minor alone", () => {
  expect(versionOf("dev.cdevents.service.deployed.0.3.0-draft")).toEqual({ kind: "dev.cdevents.service.deployed", major: 0, minor: 3 });
  expect(["x", "dev.cdevents.service.deployed", "dev.cdeventsx.a.b.0.1.0"].map(versionOf)).toEqual([null, null, null]);
  const number = fc.integer({ min: 0, max: 30 });
  fc.assert(
    fc.property(number, number, number, number, (major, minor, otherMajor, otherMinor) => {
      const there = standingTo({ major, minor }, { major: otherMajor, minor: otherMinor });
      const back = standingTo({ major: otherMajor, minor: otherMinor }, { major, minor });
      expect([there, back]).toEqual(there === "same" ? ["same", "same"] : there === "newer" ? ["newer", "older"] : ["older", "newer"]);
      expect(there === "same").toBe(major === otherMajor && minor === otherMinor);
    }),
  );
});

test("incidents are opened by detected and ended by resolved", async () => {
  const subject = { id: "inc-9", content: { environment: { id: "production" }, service: { id: "till" }, description: "Slow" } };
  await send(pat, cd("incident.detected", "0.3.0", "i-1", subject));
  await send(pat, {
    ...cd("incident.resolved", "0.3.0", "i-2", subject),
    context: { ...cd("incident.resolved", "0.3.0", "i-2", subject).context, timestamp: "2026-03-02T11:00:00Z" },
  });
  await workAll();
  const [row] = await db().execute<{ service: string; minutes: number }>(
    sql`select service, extract(epoch from resolved_at - opened_at)::int / 60 as minutes from incidents where external_id = 'inc-9'`,
  );
  expect(row).toEqual({ service: "component:default/till", minutes: 60 });
});

const own = (data: object, id = "own-1") => ({ specversion: "1.0", id, source: "/ci", type: "dev.waymark.deployment", data });
const row = {
  external_id: "b1",
  service: "component:default/own",
  environment: "production",
  status: "success",
  commit: "f".repeat(40),
  repository: "acme/own",
  started_at: "2026-03-02T10:00:00Z",
  finished_at: "2026-03-02T10:01:00Z",
};

test("data may come as bytes; a wrong document and bytes that are no JSON are told by the path", async () => {
  const { data, ...bare } = own({ ...row, external_id: "as-bytes" }, "bytes-1");
  const bytes = (text: string) => Buffer.from(text).toString("base64");
  expect(await send(pat, { ...bare, data_base64: bytes(JSON.stringify(data)) })).toMatchObject({ accepted: 1 });
  await expect(send(pat, { ...bare, id: "bytes-2", data_base64: bytes("no") })).rejects.toMatchObject({ fields: [{ path: "items.0.data" }] });
});

test("what is no event is refused in words, by its place", async () => {
  await expect(send(pat, own({ ...row, external_id: "beside" }, "beside"), 5)).rejects.toMatchObject({
    fields: [{ path: "items.1", message: "An event is an object with specversion, id, source, type and data." }],
  });
});

test("half of a character is refused in words", async () => {
  await expect(ingestEvents(pat, { items: [own({ ...row, external_id: "\ud83d" }, "half")] } as never)).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("lone surrogate"),
  });
});

test("Waymark's own types carry the rows of the API; wrong rows name their place; a team cannot tell of others' services", async () => {
  await send(pat, own(row));
  await workAll();
  expect(await db().execute(sql`select 1 from delivery_deployments where external_id = 'b1'`)).toHaveLength(1);
  await expect(send(pat, own(row, "x"), own({ ...row, status: "great" }, "y"))).rejects.toMatchObject({ code: "invalid", fields: [{ path: "items.1.data.status" }] });
  expect(await outcome(send(bo, own(row, "z")))).toBe("forbidden");
  expect(await outcome(send(pat, { id: "1", source: "/x", type: "t", specversion: "0.3" }))).toBe("invalid");
});

test("structured, batched and binary mode say the same", async () => {
  const request = (type: string, body: unknown, more: Record<string, string> = {}) =>
    new Request("http://x/", { method: "POST", headers: { "content-type": type, ...more }, body: JSON.stringify(body) });
  const event = own(row, "mode");
  expect(await readCloudEvents(request("application/cloudevents+json", event))).toEqual([event]);
  expect(await readCloudEvents(request("application/cloudevents-batch+json", [event, event]))).toEqual([event, event]);
  const { data, ...attributes } = event;
  const ce = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
  expect(await readCloudEvents(request("application/json", data, ce))).toEqual([event]);
});
