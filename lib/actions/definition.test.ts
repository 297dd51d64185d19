import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { type Cast, type DefinitionInput, publish, theCast, webhookDefinition } from "@/tests/setup/action-world";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { outcome } from "@/tests/setup/people";
import { createAction, editAction, publishAction, replaceActionSecret, restoreAction, runAction, testAction } from "./mutations";
import { getAction, getActionForm, listActions } from "./queries";

useOwnDatabase();
let cast: Cast;
const REF = "component:default/checkout-api";
const URL = "https://automation.example/hook";
const definition = (more: Partial<DefinitionInput> = {}) => webhookDefinition(URL, more);

beforeAll(async () => {
  cast = await theCast();
});

const audits = (name: string) =>
  db().query.auditEvents.findMany({ where: (row, { and, eq }) => and(eq(row.name, name), eq(row.result, "done")), orderBy: (row, { asc }) => asc(row.at) });

describe("making actions", () => {
  test("is for platform admins; every change is in the audit log and no secret is", async () => {
    const input = { name: "purge", definition: definition() };
    for (const who of [cast.ada, cast.olga, cast.max]) expect(await outcome(createAction(who, input))).toBe("forbidden");
    const { secret } = await createAction(cast.pat, input);
    expect(secret).toMatch(/^whsec_/);
    expect(await outcome(createAction(cast.pat, input))).toBe("conflict");
    await editAction(cast.pat, { name: "purge", definition: definition({ title: "Purge caches" }) });
    await publishAction(cast.pat, { name: "purge", note: "First." });
    await replaceActionSecret(cast.pat, { name: "purge" });
    const rows = await audits("action.edit");
    expect(rows.map((row) => (row.detail as { change?: string }).change)).toEqual(["created", "draft", "published", "signing secret"]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    for (const call of [
      () => editAction(cast.ada, { name: "purge", isEnabled: false }),
      () => publishAction(cast.ada, { name: "purge", note: "x" }),
      () => replaceActionSecret(cast.ada, { name: "purge" }),
      () => restoreAction(cast.ada, { name: "purge", version: 1 }),
      () => testAction(cast.ada, { name: "purge", entityRef: REF }),
      () => getAction(cast.ada, { name: "purge" }),
      () => listActions(cast.ada, { scope: "all" }),
    ])
      expect(await outcome(call())).toBe("forbidden");
  });

  test("goes from draft to version to version, and back by an earlier one as draft", async () => {
    await createAction(cast.pat, { name: "flow", definition: definition({ title: "One" }) });
    expect(await outcome(getActionForm(cast.ada, { name: "flow" }))).toBe("not_found");
    await publishAction(cast.pat, { name: "flow", note: "One." });
    await editAction(cast.pat, { name: "flow", definition: definition({ title: "Two" }) });
    expect((await getActionForm(cast.ada, { name: "flow" })).title).toBe("One");
    expect((await getAction(cast.pat, { name: "flow" })).isChanged).toBe(true);
    expect(await publishAction(cast.pat, { name: "flow", note: "Two." })).toMatchObject({ version: 2 });
    await restoreAction(cast.pat, { name: "flow", version: 1 });
    expect(await publishAction(cast.pat, { name: "flow", note: "Back to one." })).toMatchObject({ version: 3 });
    const detail = await getAction(cast.pat, { name: "flow" });
    expect(detail).toMatchObject({ title: "One", isChanged: false, versions: [{ version: 3, note: "Back to one.", publishedBy: "pat" }, { version: 2 }, { version: 1 }] });
    expect(await outcome(restoreAction(cast.pat, { name: "flow", version: 9 }))).toBe("not_found");
  });

  test("a disabled action is offered to nobody and cannot be run", async () => {
    await publish(cast.pat, "off", definition());
    await editAction(cast.pat, { name: "off", isEnabled: false });
    expect((await listActions(cast.ada, {})).items.map((item) => item.name)).not.toContain("off");
    expect(await outcome(getActionForm(cast.ada, { name: "off" }))).toBe("not_found");
    expect(await outcome(runAction(cast.ada, { name: "off", entityRef: REF }))).toBe("conflict");
  });

  test.each<[string, Partial<DefinitionInput> | Record<string, unknown>]>([
    ["a form that is no object", { inputs: { type: "string" } }],
    ["properties that are a list", { inputs: { type: "object", properties: [] } }],
    ["a question that is a text", { inputs: { type: "object", properties: { a: "string" } } }],
    ["a broken pattern", { inputs: { type: "object", properties: { a: { type: "string", pattern: "(" } } } }],
    ["a reference to elsewhere", { inputs: { type: "object", properties: { a: { $ref: "https://evil.example/x.json" } } } }],
    ["a form nested too deep", { inputs: JSON.parse('{"properties":{"a":'.repeat(30) + "{}" + "}}".repeat(30)) }],
    ["a form that is too big", { inputs: { type: "object", properties: { a: { description: "x".repeat(70_000) } } } }],
    ["a secret in a list", { inputs: { type: "object", properties: { a: { type: "array", items: { type: "string", "ui:field": "Secret" } } } } }],
    ["a file as address", { backEnd: { type: "webhook", url: "file:///etc/passwd" } }],
    ["an unknown function", { backEnd: { type: "function", function: "format-disk" } }],
    ["a function without what it needs", { backEnd: { type: "function", function: "add-database" } }],
    ["a workflow with an option as ref", { backEnd: { type: "github-workflow", owner: "a", repository: "b", workflow: "x.yml", ref: "--upload-pack=x" } }],
    ["a workflow outside its folder", { backEnd: { type: "github-workflow", owner: "a", repository: "b", workflow: "../x.yml", ref: "main" } }],
    ["an unknown team", { teams: ["group:default/nobody"] }],
    ["no title", { title: "  " }],
    ["a deadline of a week", { deadlineMinutes: 10_080 }],
    ["an unknown field", { onError: "ignore" }],
  ])("refuses %s, saying where", async (_what, more) => {
    const error = await createAction(cast.pat, { name: "bad", definition: { ...definition(), ...more } as DefinitionInput }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "invalid" });
    expect(error.fields[0]?.path).toMatch(/^definition/);
    expect(await outcome(getAction(cast.pat, { name: "bad" }))).toBe("not_found");
  });

  test("refuses hostile names", async () => {
    for (const name of ["../x", "-rf", "<script>", "=cmd", "x".repeat(10_000), "Ünïcode", ""])
      expect(await outcome(createAction(cast.pat, { name, definition: definition() }))).toBe("invalid");
  });
});

describe("who may run one", () => {
  const run = (who: Cast[keyof Cast], name: string, entityRef = REF) => outcome(runAction(who, { name, entityRef }));

  test("follows the owning team and the action's own limit", async () => {
    await publish(cast.pat, "for-members", definition());
    await publish(cast.pat, "for-owners", definition({ whoMayRun: "team-owners" }));
    await publish(cast.pat, "for-managers", definition({ whoMayRun: "managers" }));
    await publish(cast.pat, "for-admins", definition({ whoMayRun: "platform-admins" }));
    await publish(cast.pat, "for-search", definition({ teams: ["group:default/search"] }));
    const expected: Record<string, Record<string, string>> = {
      "for-members": { ada: "done", olga: "done", max: "done", bo: "forbidden", pat: "done" },
      "for-owners": { ada: "forbidden", olga: "done", max: "done", bo: "forbidden", pat: "done" },
      "for-managers": { ada: "forbidden", olga: "forbidden", max: "done", bo: "forbidden", pat: "done" },
      "for-admins": { ada: "forbidden", olga: "forbidden", max: "forbidden", bo: "forbidden", pat: "done" },
      "for-search": { ada: "forbidden", olga: "forbidden", max: "forbidden", bo: "forbidden", pat: "forbidden" },
    };
    for (const [name, people] of Object.entries(expected)) {
      const found = Object.fromEntries(await Promise.all(Object.keys(people).map(async (who) => [who, await run(cast[who as keyof Cast], name)])));
      expect({ [name]: found }).toEqual({ [name]: people });
      const locked = (await listActions(cast.ada, { entityRef: REF })).items.find((item) => item.name === name)?.locked;
      expect(locked === null).toBe(people.ada === "done");
    }
    expect(await run(cast.bo, "for-search", "component:default/search-api")).toBe("done");
    await expect(runAction(cast.ada, { name: "for-search", entityRef: REF })).rejects.toThrow(/only for search, not for checkout/);
  });

  test("a token needs its scope, and is told so", async () => {
    const token = { ...cast.ada, actor: { ...cast.ada.actor, credential: { type: "token" as const, id: "tok_x", scopes: ["read" as const] } } };
    await expect(runAction(token, { name: "for-members", entityRef: REF })).rejects.toThrow(/lacks the scope actions:run/);
  });

  test("on nothing it is for the person's team", async () => {
    await publish(cast.pat, "for-a-team", definition({ target: null }));
    expect(await outcome(runAction(cast.ada, { name: "for-a-team" }))).toBe("done");
    expect(await outcome(runAction(cast.ada, { name: "for-a-team", team: "search" }))).toBe("forbidden");
    expect(await outcome(runAction(cast.ada, { name: "for-a-team", entityRef: REF }))).toBe("invalid");
    expect(await outcome(runAction(cast.ada, { name: "for-a-team", team: "<script>" }))).toBe("invalid");
  });
});
