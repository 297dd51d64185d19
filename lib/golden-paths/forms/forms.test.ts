import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, goldenPathFormDays, goldenPathOpenForms, rateLimits } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { renderer } from "../engine/renderer";
import { readPathFolder } from "../engine/template-folder";
import { countForm, publishFiles } from "../mutations";
import { listVersions } from "../queries";
import { foldForms } from "./days";

useOwnDatabase();
let ada: SignedIn;
let pat: SignedIn;

beforeAll(async () => {
  ada = await signedIn(await aPerson("ada"));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  const files = await readPathFolder("golden-paths/node-express");
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: "Shipped with Waymark.", publishedBy: null, now }));
});
afterAll(() => renderer().close());
beforeEach(async () => {
  for (const table of [goldenPathOpenForms, goldenPathFormDays, rateLimits]) await db().delete(table);
});

const PATH = { name: "node-express", version: "1.0.0" };
const id = (n: number) => `form-${String(n).padStart(16, "0")}`;
const say = (n: number, state: "open" | "sent", field?: string) => countForm(ada, { ...PATH, form: id(n), state, ...(field === undefined ? {} : { field }) });
const aDayLater = () => db().execute(sql`update golden_path_open_forms set opened_at = opened_at - interval '25 hours'`);
const use = async (who = pat) => (await listVersions(who, { name: "node-express" })).items[0]?.forms;

it("counts what was opened, sent and abandoned, with the question that was touched last", async () => {
  await say(1, "open");
  await say(1, "open", "database");
  await say(1, "open", "exposure");
  await say(2, "open", "database");
  await say(2, "sent");
  await say(3, "open");
  expect(await use()).toEqual({ opened: 3, sent: 1, abandoned: 0, lastTouched: [] });
  expect(await foldForms(db())).toBe(0);
  await aDayLater();
  expect(await foldForms(db())).toBe(2);
  expect(await foldForms(db())).toBe(0);
  expect(await use()).toEqual({
    opened: 3,
    sent: 1,
    abandoned: 2,
    lastTouched: [
      { field: "", forms: 1 },
      { field: "exposure", forms: 1 },
    ],
  });
  expect(await db().select().from(goldenPathOpenForms)).toEqual([]);
  expect(await use(ada)).toBeNull();
});

it("ignores questions that the form does not ask for, and versions that are not there", async () => {
  await say(1, "open", "database");
  await say(1, "open", "my password");
  expect((await db().select().from(goldenPathOpenForms))[0]?.field).toBe("database");
  expect(await countForm(ada, { ...PATH, version: "9.9.9", form: id(9), state: "open" })).toEqual({ counted: false });
  expect(await outcome(countForm(ada, { ...PATH, form: "short", state: "open" }))).toBe("invalid");
  expect(await outcome(countForm(ada, { ...PATH, form: id(1), state: "open", field: "x".repeat(1_000) }))).toBe("invalid");
  expect(await outcome(countForm(ada, { ...PATH, form: id(1), state: "open", value: "secret" } as never))).toBe("invalid");
});

it("keeps no person: neither id nor handle is in any row, and nothing is audited", async () => {
  await say(1, "open", "database");
  const rows = JSON.stringify([await db().select().from(goldenPathOpenForms), await db().select().from(goldenPathFormDays)]);
  for (const trace of [ada.actor.id, ada.actor.handle, id(1)]) expect(rows).not.toContain(trace);
  expect(await db().select().from(auditEvents).where(eq(auditEvents.name, "golden-path.count-form"))).toEqual([]);
});

it("is limited", async () => {
  const answers = await Promise.all(Array.from({ length: 125 }, () => outcome(say(1, "open"))));
  expect(answers.filter((answer) => answer === "rate_limited").length).toBeGreaterThanOrEqual(5);
  expect((await use())?.opened).toBe(1);
});

it("in whatever order messages of several tabs arrive, each form is opened once and either sent or abandoned", async () => {
  const message = fc.record({
    form: fc.integer({ min: 1, max: 4 }),
    state: fc.constantFrom("open" as const, "sent" as const),
    field: fc.constantFrom("database", "exposure", "nonsense"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 12 }), async (messages) => {
      for (const table of [goldenPathOpenForms, goldenPathFormDays, rateLimits]) await db().delete(table);
      await Promise.all(messages.map(({ form, state, field }) => say(form, state, field)));
      await aDayLater();
      await foldForms(db());
      const forms = new Set(messages.map(({ form }) => form)).size;
      const sent = new Set(messages.filter(({ state }) => state === "sent").map(({ form }) => form)).size;
      expect(await use()).toMatchObject({ opened: forms, sent, abandoned: forms - sent });
    }),
    { numRuns: 12 },
  );
});
