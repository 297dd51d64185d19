// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template code under test
import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, goldenPathDrafts, goldenPaths } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { isDomainError } from "@/lib/core/errors";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import type { GoldenPathDraft } from "./contract";
import { renderer } from "./engine/renderer";
import { readPathFolder } from "./engine/template-folder";
import { examplePath } from "./example";
import { discardDraft, importDraft, makeVersionCurrent, publishDraft, publishFiles, publishFolder, saveDraft, startDraft } from "./mutations";
import { checkDraft, compareDraft, dryRunDraft, getDraft, getDraftFile, getGoldenPath, listAdminPaths, listVersions, testFiles } from "./queries";

useOwnDatabase();
let pat: SignedIn;
let olga: SignedIn;
let ada: SignedIn;

beforeAll(async () => {
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  olga = await signedIn(await aPerson("olga", { role: "platform-admin" }));
  ada = await signedIn(await aPerson("ada"));
});
afterAll(() => renderer().close());

async function ship(name = "node-express"): Promise<void> {
  const files = await readPathFolder(`golden-paths/${name}`);
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: "Shipped with Waymark.", publishedBy: null, now }));
}

beforeEach(async () => {
  await db().delete(goldenPathDrafts);
  await db().delete(goldenPaths);
  await ship();
});

const NAME = "node-express";
const later = (ctx: SignedIn, minutes: number): SignedIn => ({ ...ctx, now: new Date(ctx.now.getTime() + minutes * 60_000) });

async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string; paths: string[] }> {
  try {
    await call;
  } catch (error) {
    if (isDomainError(error)) return { code: error.code, message: error.message, paths: error.fields.map(({ path }) => path) };
    throw error;
  }
  throw new Error("it was accepted");
}

const textOf = async (path = "template.yaml") => (await getDraftFile(pat, { name: NAME, path })).text ?? "";
const write = (draft: GoldenPathDraft, path: string, text: string, who = pat) =>
  saveDraft(who, { name: draft.name, revision: draft.revision, changes: [{ type: "write", path, text }] });
const audits = async (name: string) =>
  (await db().select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(desc(auditEvents.at))).map(({ result, detail, actorLabel }) => ({ result, detail, actorLabel }));

describe("drafts", () => {
  it("begin from the current version, are saved file by file, and know what changed", async () => {
    const draft = await startDraft(pat, { name: NAME });
    expect(draft).toMatchObject({ baseVersion: "1.0.0", currentVersion: "1.0.0", suggestedVersion: "1.1.0", revision: 1, updatedBy: "pat" });
    expect(draft.files.every(({ state }) => state === "same")).toBe(true);
    const { draft: saved } = await saveDraft(later(pat, 1), {
      name: NAME,
      revision: 1,
      changes: [
        { type: "write", path: "skeleton/NEW.md", text: "new\n" },
        { type: "rename", from: "common/base/docs", to: "common/base/handbook" },
        { type: "delete", path: "common/base/mkdocs.yml" },
        { type: "write", path: "skeleton/README.md", text: "# other\n" },
      ],
    });
    const states = Object.fromEntries(saved.files.filter(({ state }) => state !== "same").map(({ path, state }) => [path, state]));
    expect(states).toEqual({
      "skeleton/NEW.md": "added",
      "skeleton/README.md": "changed",
      "common/base/docs/index.md": "removed",
      "common/base/docs/runbook.md": "removed",
      "common/base/handbook/index.md": "added",
      "common/base/handbook/runbook.md": "added",
      "common/base/mkdocs.yml": "removed",
    });
    expect((await compareDraft(pat, { name: NAME })).files).toHaveLength(7);
    const [audit] = await audits("golden-path.edit");
    expect(audit).toMatchObject({ result: "done", actorLabel: "pat", detail: { revision: 2 } });
  });

  it("refuse a save over somebody else's, saying who and when, and keep theirs", async () => {
    const draft = await startDraft(pat, { name: NAME });
    await write(draft, "skeleton/a.txt", "olga's", later(olga, 1));
    const refused = await refusal(write(draft, "skeleton/a.txt", "pat's", { ...pat, now: later(olga, 4).now }));
    expect(refused).toMatchObject({ code: "conflict", paths: ["revision"] });
    expect(refused.message).toContain("olga saved this draft 3 min ago");
    expect((await getDraftFile(pat, { name: NAME, path: "skeleton/a.txt" })).text).toBe("olga's");
    const theirs = await getDraft(pat, { name: NAME });
    await write(theirs, "skeleton/a.txt", "pat's", later(pat, 5));
    expect(await textOf("skeleton/a.txt")).toBe("pat's");
  });

  it("let one of two simultaneous saves win", async () => {
    const draft = await startDraft(pat, { name: NAME });
    const results = await Promise.all(Array.from({ length: 6 }, (_, index) => outcome(write(draft, "skeleton/a.txt", `${index}`, index % 2 ? pat : olga))));
    expect(results.sort()).toEqual(["conflict", "conflict", "conflict", "conflict", "conflict", "done"]);
  });

  it("tell the audit log once per sitting, and every rename", async () => {
    let draft = await startDraft(pat, { name: NAME });
    const before = (await audits("golden-path.edit")).length;
    for (const minute of [1, 2, 3]) draft = (await write(draft, "skeleton/a.txt", `${minute}`, later(pat, minute))).draft;
    expect((await audits("golden-path.edit")).length - before).toBe(1);
    draft = (await saveDraft(later(pat, 4), { name: NAME, revision: draft.revision, changes: [{ type: "rename", from: "skeleton/a.txt", to: "skeleton/b.txt" }] })).draft;
    await write(draft, "skeleton/b.txt", "x", later(pat, 60));
    expect((await audits("golden-path.edit")).length - before).toBe(3);
  });

  it.each([
    ["../x", "leads out"],
    ["/etc/passwd", "absolute"],
    ["skeleton/.git/hooks/pre-commit", "git's own data"],
    ["skeleton/README.md/x", "is a file"],
    ["skeleton", "is a folder"],
    ["a/", "names no file"],
    ["a\nb", "control character"],
  ])("refuse a file called %j", async (path, why) => {
    const draft = await startDraft(pat, { name: NAME });
    expect((await refusal(write(draft, path, "x"))).message).toContain(why);
  });

  it("refuse what is not there, is there already, or cannot go", async () => {
    const draft = await startDraft(pat, { name: NAME });
    const change = (one: Parameters<typeof saveDraft>[1]["changes"][number]) => outcome(saveDraft(pat, { name: NAME, revision: draft.revision, changes: [one] }));
    expect(await change({ type: "delete", path: "nothing" })).toBe("invalid");
    expect(await change({ type: "delete", path: "template.yaml" })).toBe("invalid");
    expect(await change({ type: "rename", from: "skeleton/README.md", to: "skeleton/Dockerfile" })).toBe("invalid");
    expect(await outcome(startDraft(pat, { name: NAME }))).toBe("conflict");
    expect(await outcome(startDraft(pat, { name: "nothing-here" }))).toBe("not_found");
    expect((await refusal(startDraft(pat, { name: NAME, version: "9.9.9" }))).code).toBe("invalid");
    expect(await outcome(startDraft(pat, { name: NAME, from: "example" }))).toBe("conflict");
    expect(await outcome(startDraft(pat, { name: "../x", from: "example" }))).toBe("invalid");
    expect(await outcome(getDraft(pat, { name: "probe" }))).toBe("not_found");
    expect(await outcome(discardDraft(olga, { name: NAME, revision: 7 }))).toBe("conflict");
    expect(await outcome(discardDraft(olga, { name: NAME, revision: 1 }))).toBe("done");
  });

  it("begin from files, of the path they name", async () => {
    const upload = (text: string, path = "template.yaml") => [{ path, content: text }];
    const draft = await importDraft(pat, { files: upload("kind: Template\nmetadata:\n  name: from-elsewhere\n", "repo/paths/x/Template.yaml") });
    expect(draft).toMatchObject({ name: "from-elsewhere", baseVersion: null, suggestedVersion: "1.0.0" });
    expect(draft.files.map(({ path }) => path)).toEqual(["template.yaml"]);
    expect((await checkDraft(pat, { name: "from-elsewhere" })).findings.length).toBeGreaterThan(0);
    for (const text of ["metadata: {name: ../x}", "metadata: {}", "[", ""]) expect(await outcome(importDraft(pat, { files: upload(text) }))).toBe("invalid");
    expect(await outcome(importDraft(pat, { files: upload("x", "../template.yaml") }))).toBe("invalid");
  });

  it("are for the platform team", async () => {
    await startDraft(pat, { name: NAME });
    const calls = [
      startDraft(ada, { name: NAME }),
      getDraft(ada, { name: NAME }),
      write({ name: NAME, revision: 1 } as GoldenPathDraft, "a", "x", ada),
      discardDraft(ada, { name: NAME, revision: 1 }),
      importDraft(ada, { files: [{ path: "template.yaml", content: "x" }] }),
      listAdminPaths(ada, {}),
      checkDraft(ada, { name: NAME }),
      dryRunDraft(ada, { name: NAME, values: {} }),
      publishDraft(ada, { name: NAME, revision: 1, version: "2.0.0", note: "not mine" }),
      publishFolder(ada, { name: NAME, files: [{ path: "template.yaml", content: "x" }], note: "not mine" }),
      makeVersionCurrent(ada, { name: NAME, currentVersion: "1.0.0" }),
    ];
    expect(await Promise.all(calls.map(outcome))).toEqual(calls.map(() => "forbidden"));
  });
});

describe("check and dry run of a draft", () => {
  it("see texts that are not saved", async () => {
    await startDraft(pat, { name: NAME });
    const text = await textOf();
    const unsaved = [{ path: "template.yaml", text: text.replace("title: Name", "title: Called").replace("fetch:template", "fetch:tempalte") }];
    const check = await checkDraft(pat, { name: NAME, unsaved });
    expect(check.findings.map(({ rule }) => rule)).toContain("unknown-action");
    expect(JSON.stringify(check.form)).toContain('"Called"');
    expect(check.changes).toEqual({ files: 1, added: 2, removed: 2 });
    expect((await checkDraft(pat, { name: NAME })).findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("render what a developer would get and write nothing", async () => {
    await startDraft(pat, { name: NAME });
    const run = await dryRunDraft(pat, { name: NAME, values: { name: "shop" }, unsaved: [{ path: "skeleton/README.md", text: "# ${{ values.name }} by ${{ values.owner }}" }] });
    expect(run.files.find(({ path }) => path === "README.md")?.text).toBe("# shop by user:default/pat");
    expect(run.log.some(({ text }) => text.includes("Wrote"))).toBe(true);
    const wrong = await refusal(dryRunDraft(pat, { name: NAME, values: { name: "Not A Name" } }));
    expect(wrong).toMatchObject({ code: "invalid", paths: ["values.name"] });
    const broken = await refusal(dryRunDraft(pat, { name: NAME, values: { name: "shop" }, unsaved: [{ path: "skeleton/README.md", text: "one\n{% if %}" }] }));
    expect(broken.message).toContain("README.md");
  });
});

describe("versions", () => {
  it("are published from a draft, become current, and can be gone back from", async () => {
    const draft = await startDraft(pat, { name: NAME });
    const { draft: saved } = await write(draft, "template.yaml", (await textOf()).replace("title: How much it logs", "title: Log level"));
    expect(await publishDraft(pat, { name: NAME, revision: saved.revision, version: "1.1.0", note: "Shorter question", replaces: "1.0.0" })).toEqual({
      name: NAME,
      version: "1.1.0",
      replaced: "1.0.0",
    });
    const current = await getGoldenPath(ada, { name: NAME });
    expect(current.version).toBe("1.1.0");
    expect(JSON.stringify(current.parameters)).toContain("Log level");
    expect(await outcome(getDraft(pat, { name: NAME }))).toBe("not_found");
    expect(await audits("golden-path.publish")).toContainEqual({
      result: "done",
      actorLabel: "pat",
      detail: { version: "1.1.0", replaced: "1.0.0", note: "Shorter question" },
    });

    expect(Object.keys((current.parameters[0]?.properties ?? {}) as object)).toEqual(["name", "description", "owner", "system", "database", "exposure", "logLevel"]);

    await makeVersionCurrent(later(olga, 3), { name: NAME, currentVersion: "1.0.0", note: "Too short" });
    expect((await getGoldenPath(ada, { name: NAME })).version).toBe("1.0.0");
    const { items, changes } = await listVersions(ada, { name: NAME });
    expect(items.map(({ version, isCurrent, publishedBy }) => [version, isCurrent, publishedBy])).toEqual([
      ["1.1.0", false, "pat"],
      ["1.0.0", true, null],
    ]);
    expect(changes.map(({ kind, version, fromVersion, by }) => [kind, version, fromVersion, by])).toEqual([
      ["made-current", "1.0.0", "1.1.0", "olga"],
      ["published", "1.1.0", "1.0.0", "pat"],
      ["published", "1.0.0", null, null],
    ]);
    expect((await startDraft(pat, { name: NAME })).suggestedVersion).toBe("1.2.0");
  });

  it("carry their number in the annotation, and nothing else changes", async () => {
    const before = (await readPathFolder("golden-paths/node-express")).get("template.yaml")?.content.toString() ?? "";
    await startDraft(pat, { name: NAME });
    await publishDraft(pat, { name: NAME, revision: 1, version: "1.0.1", note: "only the number" });
    await startDraft(pat, { name: NAME });
    expect(await textOf()).toBe(before.replace('waymark.dev/version: "1.0.0"', 'waymark.dev/version: "1.0.1"'));
  });

  it.each([
    ["1.0.0", "conflict", "never changes"],
    ["0.9.0", "invalid", "does not come after 1.0.0"],
    ["1.0.0-rc.1", "invalid", "does not come after 1.0.0"],
    ["one", "invalid", "is no version"],
    ["01.2.3", "invalid", "is no version"],
  ])("refuse the number %s", async (version, code, why) => {
    await startDraft(pat, { name: NAME });
    const refused = await refusal(publishDraft(pat, { name: NAME, revision: 1, version, note: "a note" }));
    expect(refused).toMatchObject({ code, paths: ["version"] });
    expect(refused.message).toContain(why);
  });

  it("are refused with every error of the draft, and nothing is published", async () => {
    const draft = await startDraft(pat, { name: NAME });
    const { draft: saved } = await write(draft, "template.yaml", (await textOf()).replace("fetch:template", "fetch:nothing"));
    const refused = await refusal(publishDraft(pat, { name: NAME, revision: saved.revision, version: "1.1.0", note: "broken" }));
    expect(refused).toMatchObject({ code: "invalid" });
    expect(refused.paths[0]).toMatch(/^template\.yaml:\d+$/);
    expect((await getGoldenPath(ada, { name: NAME })).version).toBe("1.0.0");
    expect((await getDraft(pat, { name: NAME })).revision).toBe(saved.revision);
    expect(await outcome(publishDraft(pat, { name: NAME, revision: saved.revision, version: "1.1.0", note: "" }))).toBe("invalid");
  });

  it("let one of two people publish at once; the other one learns who and what", async () => {
    await startDraft(pat, { name: NAME });
    const example = [...examplePath(NAME)].map(([path, { content }]) => ({ path, content: content.toString() }));
    const calls = [
      publishDraft(pat, { name: NAME, revision: 1, version: "1.1.0", note: "by pat", replaces: "1.0.0" }),
      publishFolder(olga, { name: NAME, files: example, version: "1.1.0", note: "by olga", replaces: "1.0.0" }),
    ];
    expect((await Promise.all(calls.map(outcome))).sort()).toEqual(["conflict", "done"]);
    const late = await refusal(publishFolder(olga, { name: NAME, files: example, version: "1.2.0", note: "by olga", replaces: "1.0.0" }));
    expect(late).toMatchObject({ code: "conflict", paths: ["replaces"] });
    expect(late.message).toMatch(/(pat|olga) made 1\.1\.0 current/);
  });

  it("of people survive a start of the platform, which ships its own again", async () => {
    await startDraft(pat, { name: NAME });
    await publishDraft(pat, { name: NAME, revision: 1, version: "1.1.0", note: "ours" });
    await ship();
    expect((await getGoldenPath(ada, { name: NAME })).version).toBe("1.1.0");
    await makeVersionCurrent(pat, { name: NAME, currentVersion: "1.0.0" });
    await ship();
    expect((await getGoldenPath(ada, { name: NAME })).version).toBe("1.0.0");
  });

  it("begin a new path from the example, which works as it stands", async () => {
    await startDraft(pat, { name: "web-hello", from: "example" });
    const check = await checkDraft(pat, { name: "web-hello" });
    expect(check.findings).toEqual([]);
    const run = await dryRunDraft(pat, { name: "web-hello", values: { name: "hi", greeting: 'a "b"' } });
    expect(run.files.find(({ path }) => path === "server.js")?.text).toContain('const greeting = "a \\"b\\""');
    await publishDraft(pat, { name: "web-hello", revision: 1, version: "1.0.0", note: "the first" });
    const { items } = await listAdminPaths(pat, {});
    expect(items.map(({ name, currentVersion, draft }) => [name, currentVersion, draft])).toEqual([
      ["node-express", "1.0.0", null],
      ["web-hello", "1.0.0", null],
    ]);
    expect(await outcome(makeVersionCurrent(pat, { name: "web-hello", currentVersion: "2.0.0" }))).toBe("invalid");
    expect(await outcome(makeVersionCurrent(pat, { name: "nothing", currentVersion: "2.0.0" }))).toBe("not_found");
  });
});

describe("testFiles", () => {
  it("checks and runs a folder with its defaults", async () => {
    const files = [...(await readPathFolder("golden-paths/node-express"))].map(([path, { content }]) => ({
      path,
      content: content.toString("base64"),
      encoding: "base64" as const,
    }));
    const result = await testFiles(ada, { files });
    expect(result.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(result.dryRun?.files.map(({ path }) => path)).toContain("waymark.yaml");
    const asTyped = await testFiles(ada, { files, values: { database: "true" } });
    expect(asTyped.values).toMatchObject({ database: true });
    const broken = await testFiles(ada, { files: [{ path: "template.yaml", content: "kind: Nothing" }] });
    expect(broken).toMatchObject({ values: null, dryRun: null });
  });
});
