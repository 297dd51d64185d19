import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { db } from "@/db/client";
import { auditEvents, environments, guardrailDecisions, guardrails } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { databaseNow } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { type Cast, theCast } from "@/tests/setup/action-world";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { outcome } from "@/tests/setup/people";
import { closeEvaluators } from "./conditions";
import type { CreateGuardrailInput, RequestFacts } from "./contract";
import { STARTERS } from "./contract";
import { forgetOldDecisions } from "./jobs";
import { createGuardrail, deleteGuardrail, editGuardrail, endException, grantException, requireGuardrails, tieDecision } from "./mutations";
import { askEarly, countWhatRuns, getDecision, getGuardrail, getGuardrailForEdit, listDecisions, listGuardrails, previewGuardrail } from "./queries";

useOwnDatabase();
let cast: Cast;

type Given = z.input<typeof CreateGuardrailInput>["definition"];
const definition = (more: Partial<Given> = {}): Given => ({
  title: "Sandboxes end within three days",
  why: "Memory is short.",
  abilities: ["environment.create"],
  condition: 'request.tier != "sandbox" || request.ttlHours <= 72',
  effect: "refuse",
  message: "A sandbox lives 72 hours at most.",
  fix: "Ask for 72h or less.",
  field: "ttl",
  examples: [
    { title: "Two days", expect: "pass", facts: { "request.tier": "sandbox", "request.ttlHours": 48 } },
    { title: "A week", expect: "fail", facts: { "request.tier": "sandbox", "request.ttlHours": 168 } },
  ],
  ...more,
});
const sandbox = (more: Partial<RequestFacts<"environment.create">> = {}): RequestFacts<"environment.create"> => ({
  tier: "sandbox",
  ttlHours: 48,
  goldenPath: "node-express",
  goldenPathVersion: "1.0.0",
  driver: "local",
  memoryMiB: 256,
  name: "basket",
  entityRef: "",
  ref: "",
  isDefaultBranch: false,
  values: {},
  ...more,
});
const now = async (ctx: Ctx): Promise<Ctx> => ({ ...ctx, now: await databaseNow() });
/** Asks as a mutation does; a refusal is remembered as the wrapper remembers it. */
async function ask(who: Ctx, request: Partial<RequestFacts<"environment.create">> = {}, teamId = "tea_checkout") {
  const ctx = await now(who);
  try {
    return await db().transaction((tx) => requireGuardrails(tx, ctx, { ability: "environment.create", teamId, request: sandbox(request) }));
  } catch (error) {
    if (error instanceof DomainError && "about" in error) await (error.about as { remember: () => Promise<void> }).remember();
    throw error;
  }
}
const refusal = async (call: Promise<unknown>): Promise<DomainError> => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DomainError)) throw new Error(`nothing was refused: ${String(error)}`);
  return error;
};
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  cast = await theCast();
});
afterEach(async () => {
  await db().delete(guardrails);
  await db().delete(guardrailDecisions);
  await db().delete(environments);
});
afterAll(closeEvaluators);

describe("a guardrail", () => {
  test("is made by platform admins alone, read by everybody, and the audit log has it", async () => {
    for (const who of [cast.ada, cast.olga, cast.max]) expect(await outcome(createGuardrail(who, { name: "mine", definition: definition() }))).toBe("forbidden");
    await createGuardrail(cast.pat, { name: "lifetime", definition: definition() });
    expect(await outcome(createGuardrail(cast.pat, { name: "lifetime", definition: definition() }))).toBe("conflict");
    expect((await listGuardrails(cast.bo, {})).items).toMatchObject([{ name: "lifetime", revision: 1, recent: { asked: 0 } }]);
    expect(await outcome(listGuardrails(cast.bo, { scope: "all" }))).toBe("forbidden");
    expect(await outcome(getGuardrailForEdit(cast.bo, { name: "lifetime" }))).toBe("forbidden");
    const events = await db().select().from(auditEvents).where(eq(auditEvents.name, "guardrail.edit"));
    expect(events.find(({ result }) => result === "done")?.detail).toMatchObject({ change: "created", effect: "refuse" });
  });

  test.each([
    [{ condition: "request.ttlHour <= 72" }, "definition.condition", "Line 1, column 9: request has no ttlHour. Did you mean ttlHours?"],
    [{ condition: "request.ttlHours" }, "definition.condition", "It gives double, not true or false"],
    [{ abilities: ["environment.create" as const, "action.run" as const] }, "definition.condition", "request has no ttlHours"],
    [{ condition: "true" }, "definition.examples.1", "“A week” should not pass, and passes."],
    [{ condition: 'request.tier == "sandbox" && request.memoryMiB < 100' }, "definition.examples.0", "request.memoryMiB is not known. Add it."],
    [{ examples: [] }, "definition.examples", "Add an example"],
    [{ field: "size" }, "definition.field", "Choose one of"],
    [{ teams: ["group:default/nobody"] }, "definition.teams", 'There is no team "group:default/nobody"'],
    [{ docs: "javascript:alert(1)" }, "definition.docs", "Write an address"],
    [{ fix: " " }, "definition.fix", "a refusal without a way out is a gate"],
    [
      { examples: [...(definition().examples ?? []), { title: "Odd", expect: "pass" as const, facts: { "request.ttl": "4h" } }] },
      "definition.examples.2.facts",
      "knows no fact request.ttl",
    ],
    [{ examples: [...(definition().examples ?? []), { title: "Odd", expect: "pass" as const, facts: { "request.ttlHours": "4" } }] }, "definition.examples.2.facts", "is a number"],
  ])("is not saved with %j", async (more, path, message) => {
    const error = await refusal(createGuardrail(cast.pat, { name: "odd", definition: definition(more) }));
    expect(error.code).toBe("invalid");
    expect(error.fields.find((field) => field.path === path)?.message).toContain(message);
  });

  test("keeps revisions; a save over somebody else's is refused, an earlier one can be made the newest", async () => {
    await createGuardrail(cast.pat, { name: "lifetime", definition: definition() });
    const softer = { name: "lifetime", revision: 1, definition: definition({ effect: "warn" }), note: "People were surprised." };
    expect(await editGuardrail(cast.pat, softer)).toMatchObject({ revision: 2 });
    expect((await refusal(editGuardrail(cast.pat, softer))).message).toContain("Somebody saved revision 2 meanwhile");
    const { revisions } = await getGuardrailForEdit(cast.pat, { name: "lifetime" });
    expect(revisions.map(({ revision, note, savedBy }) => [revision, note, savedBy])).toEqual([
      [2, "People were surprised.", "pat"],
      [1, "", "pat"],
    ]);
    await editGuardrail(cast.pat, { name: "lifetime", revision: 2, definition: revisions[1]?.definition ?? definition() });
    expect((await getGuardrail(cast.ada, { name: "lifetime" })).definition.effect).toBe("refuse");
    expect(await deleteGuardrail(cast.pat, { name: "lifetime" })).toMatchObject({ deleted: { name: "lifetime" } });
    expect(await outcome(getGuardrail(cast.ada, { name: "lifetime" }))).toBe("not_found");
  });

  test("that is shipped can be saved as it is", async () => {
    for (const { name, ...starter } of STARTERS) await createGuardrail(cast.pat, { name, definition: starter });
    expect((await listGuardrails(cast.ada, {})).total).toBe(STARTERS.length);
  });
});

describe("a request", () => {
  test("is refused with every refusal beside its field, and what was seen and said is kept", async () => {
    await createGuardrail(cast.pat, { name: "lifetime", definition: definition() });
    await createGuardrail(cast.pat, {
      name: "memory",
      definition: definition({
        title: "Small ones only",
        condition: "request.memoryMiB <= 512",
        field: undefined,
        message: "It is too large.",
        fix: "Choose a smaller path.",
        examples: [
          { title: "Small", expect: "pass", facts: { "request.memoryMiB": 256 } },
          { title: "Large", expect: "fail", facts: { "request.memoryMiB": 1024 } },
        ],
      }),
    });
    const error = await refusal(ask(cast.ada, { ttlHours: 168, memoryMiB: 1024, values: { region: "eu" } }));
    expect(error.code).toBe("forbidden");
    expect(error.fields).toEqual([
      { path: "ttl", message: "A sandbox lives 72 hours at most. Ask for 72h or less. (guardrail lifetime)", guardrail: "lifetime" },
      { path: "", message: "It is too large. Choose a smaller path. (guardrail memory)", guardrail: "memory" },
    ]);
    const { items } = await listDecisions(cast.ada, {});
    expect(items).toMatchObject([
      {
        ability: "environment.create",
        outcome: "refused",
        channel: "web",
        actor: "ada",
        team: "group:default/checkout",
        document: { request: { ttlHours: 168, values: { region: "eu" } }, team: { name: "checkout", sandboxes: 0 }, actor: { role: "engineer", isMember: true, isOwner: false } },
        results: [
          { name: "lifetime", revision: 1, verdict: "refuses" },
          { name: "memory", revision: 1, verdict: "refuses" },
        ],
      },
    ]);
  });

  test("is let through with a warning, and nothing is said where all pass", async () => {
    await createGuardrail(cast.pat, { name: "lifetime", definition: definition({ effect: "warn" }) });
    expect(await ask(cast.ada, { ttlHours: 168 })).toMatchObject({ warnings: [{ name: "lifetime", message: "A sandbox lives 72 hours at most.", fix: "Ask for 72h or less." }] });
    expect(await ask(cast.ada)).toMatchObject({ warnings: [] });
    expect((await listGuardrails(cast.ada, {})).items[0]?.recent).toEqual({ asked: 2, refused: 0, warned: 1 });
  });

  test("is refused where a fact is missing, a condition is too slow, or the answers are too large to be kept", async () => {
    const slow = '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")';
    await createGuardrail(cast.pat, { name: "lifetime", definition: definition() });
    expect((await refusal(ask(cast.ada, { ttlHours: undefined }))).message).toBe(
      "It could not be evaluated. request.ttlHours is not known. Ask pat or a platform admin to put the guardrail right. (guardrail lifetime)",
    );
    expect((await refusal(createGuardrail(cast.pat, { name: "slow", definition: definition({ condition: slow }) }))).fields[0]?.message).toContain("takes too long");
    await db()
      .insert(guardrails)
      .values({ id: "grd_slow", name: "slow", definition: { ...definition({ condition: slow }), teams: [] } });
    const error = await refusal(ask(cast.ada));
    expect(error.fields).toMatchObject([{ guardrail: "slow", message: expect.stringContaining("It takes too long.") }]);
    await db()
      .update(guardrails)
      .set({ definition: { ...definition({ condition: slow, effect: "warn" }), teams: [] } })
      .where(eq(guardrails.id, "grd_slow"));
    expect(await ask(cast.ada)).toMatchObject({ warnings: [{ name: "slow" }] });
    await db()
      .update(guardrails)
      .set({ definition: { ...definition({ condition: 'request.values.region == "eu"' }), teams: [] } })
      .where(eq(guardrails.id, "grd_slow"));
    expect(await outcome(ask(cast.ada, { values: { region: "eu" } }))).toBe("done");
    expect((await refusal(ask(cast.ada, { values: { region: "eu", text: "x".repeat(80_000) } }))).message).toContain("request.values is not known");
  });

  test("of another team is none of a guardrail's business; a team with an exception goes through until its day", async () => {
    await createGuardrail(cast.pat, { name: "lifetime", definition: definition({ teams: ["group:default/checkout"] }) });
    expect(await outcome(ask(cast.bo, { ttlHours: 168 }, "tea_search"))).toBe("done");
    expect(await outcome(ask(cast.ada, { ttlHours: 168 }))).toBe("forbidden");
    expect(await outcome(grantException(cast.olga, { name: "lifetime", team: "checkout", reason: "Load test", until: day(3) }))).toBe("forbidden");
    for (const [given, path] of [
      [{ team: "nobody", reason: "x", until: day(3) }, "team"],
      [{ team: "checkout", reason: " ", until: day(3) }, "reason"],
      [{ team: "checkout", reason: "x", until: day(-1) }, "until"],
      [{ team: "checkout", reason: "x", until: day(500) }, "until"],
    ] as const)
      expect((await refusal(grantException(cast.pat, { name: "lifetime", ...given }))).fields[0]?.path).toBe(path);
    const granted = await grantException(await now(cast.pat), { name: "lifetime", team: "checkout", reason: "Load test", until: day(0) });
    expect(await outcome(ask(cast.ada, { ttlHours: 168 }))).toBe("done");
    expect((await listDecisions(cast.ada, { guardrail: "lifetime" })).items[0]?.results).toMatchObject([{ verdict: "excepted", exception: { reason: "Load test" } }]);
    const after = { ...cast.ada, now: new Date(Date.parse(granted.expiresAt)) };
    const asked = { ability: "environment.create" as const, teamId: "tea_checkout", request: sandbox({ ttlHours: 168 }) };
    expect(await askEarly(db(), after, asked)).toMatchObject({ outcome: "refused" });
    expect(await askEarly(db(), { ...after, now: new Date(after.now.getTime() - 1) }, asked)).toMatchObject({ outcome: "allowed", results: [{ verdict: "excepted" }] });
    await endException(cast.pat, { name: "lifetime", id: granted.id });
    expect(await endException(cast.pat, { name: "lifetime", id: granted.id })).toMatchObject({ isEnded: false });
    expect(await outcome(ask(cast.ada, { ttlHours: 168 }))).toBe("forbidden");
  });

  test("that is off says nothing, and a reader sees their own teams' requests alone", async () => {
    await createGuardrail(cast.pat, { name: "lifetime", definition: definition({ effect: "off", examples: [] }) });
    expect(await ask(cast.ada, { ttlHours: 168 })).toMatchObject({ warnings: [] });
    await ask(cast.bo, {}, "tea_search");
    expect((await listDecisions(cast.pat, {})).total).toBe(2);
    const [own] = (await listDecisions(cast.ada, {})).items;
    expect((await listDecisions(cast.ada, {})).total).toBe(1);
    expect(await getDecision(cast.olga, { id: own?.id ?? "" })).toMatchObject({ id: own?.id, outcome: "allowed" });
    expect(await outcome(getDecision(cast.bo, { id: own?.id ?? "" }))).toBe("not_found");
    expect((await listGuardrails(cast.ada, {})).total).toBe(0);
  });

  test("is counted one after the other: of two at once only one gets the last place", async () => {
    await createGuardrail(cast.pat, {
      name: "one-at-a-time",
      definition: definition({
        condition: "team.sandboxes < 1",
        examples: [
          { title: "First", expect: "pass", facts: { "team.sandboxes": 0 } },
          { title: "Second", expect: "fail", facts: { "team.sandboxes": 1 } },
        ],
      }),
    });
    const ctx = await now(cast.ada);
    const make = (id: string) =>
      db().transaction(async (tx) => {
        const letThrough = await requireGuardrails(tx, ctx, { ability: "environment.create", teamId: "tea_checkout", request: sandbox() });
        await insertSandbox(tx, id);
        await tieDecision(tx, letThrough, { subjectId: id });
      });
    const outcomes = await Promise.all([outcome(make("env_one")), outcome(make("env_two"))]);
    expect(outcomes.sort()).toEqual(["done", "forbidden"]);
  });
});

async function insertSandbox(on: Pick<ReturnType<typeof db>, "insert">, id: string, more: Partial<typeof environments.$inferInsert> = {}) {
  await on.insert(environments).values({
    id,
    name: id.replace("_", "-"),
    lifetime: "ephemeral",
    tier: "sandbox",
    status: "ready",
    goldenPath: "node-express",
    goldenPathVersion: "1.0.0",
    ownerId: cast.ada.actor.id,
    teamId: "tea_checkout",
    driver: "local",
    ttlMinutes: 48 * 60,
    ...more,
  });
}

describe("a draft", () => {
  test("says what it would have said of the last requests and of what runs, before it is switched on", async () => {
    for (const ttlHours of [4, 48, 96, 168]) await ask(cast.ada, { ttlHours });
    await ask(cast.bo, { ttlHours: 96 }, "tea_search");
    await insertSandbox(db(), "env_short");
    await insertSandbox(db(), "env_long", { ttlMinutes: 7 * 24 * 60 });
    await insertSandbox(db(), "env_gone", { ttlMinutes: 7 * 24 * 60, status: "deleted" });
    const draft = { abilities: ["environment.create" as const], condition: definition().condition };
    const found = await previewGuardrail(cast.pat, {
      ...draft,
      examples: [{ facts: { "request.tier": "sandbox", "request.ttlHours": 4 } }],
      try: { facts: { "request.tier": "sandbox" } },
    });
    expect(found).toMatchObject({
      problem: null,
      past: { considered: 5, fails: 3, undecided: 0 },
      running: { considered: 2, fails: 1, rows: [{ id: "env_long", verdict: "fails" }] },
      examples: [{ outcome: "pass" }],
      tried: { outcome: "undecided", reason: "request.ttlHours is not known. Add it." },
    });
    expect(found.past?.rows[0]).toMatchObject({ title: "basket, 96 h", detail: "bo, search", was: "allowed" });
    expect(await getDecision(cast.pat, { id: found.past?.rows[0]?.id ?? "" })).toMatchObject({ document: { request: { ttlHours: 96 } } });
    expect((await previewGuardrail(cast.pat, { ...draft, teams: ["group:default/search"] })).past).toMatchObject({ considered: 1, fails: 1 });
    expect((await previewGuardrail(cast.pat, { ...draft, condition: "request.ttlHours <= " })).problem).toMatchObject({ ability: "environment.create", line: 1 });
    expect((await previewGuardrail(cast.pat, { ...draft, condition: "now.hour < 18" })).running).toMatchObject({ fails: 0, undecided: 2 });
    expect(await outcome(previewGuardrail(cast.ada, draft))).toBe("forbidden");
    await createGuardrail(cast.pat, { name: "lifetime", definition: definition({ effect: "off", examples: [] }) });
    expect(await countWhatRuns(cast.pat, {})).toEqual({ lifetime: { considered: 2, fails: 1 } });
    const rows = await db().select({ status: environments.status }).from(environments).where(eq(environments.id, "env_long"));
    expect(rows).toEqual([{ status: "ready" }]);
  });
});

test("decisions are forgotten after 90 days", async () => {
  await ask(cast.ada);
  await ask(cast.ada, { ttlHours: 4 });
  await db().execute(sql`update guardrail_decisions set at = now() - interval '91 days' where document->'request'->>'ttlHours' = '4'`);
  expect(await forgetOldDecisions(db())).toBe(1);
  expect((await listDecisions(cast.pat, {})).total).toBe(1);
});
