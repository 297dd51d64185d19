import { and, desc, eq, like } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, goldenPathDrafts, goldenPathProposals, goldenPaths, notifications } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { isDomainError } from "@/lib/core/errors";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { renderer } from "../engine/renderer";
import { readPathFolder } from "../engine/template-folder";
import {
  commentProposal,
  discardDraft,
  publishDraft,
  publishFiles,
  publishFolder,
  reopenProposal,
  reviewProposal,
  saveDraft,
  saveProposal,
  startDraft,
  startProposal,
  submitProposal,
  updateProposal,
  withdrawProposal,
} from "../mutations";
import { checkProposal, compareProposal, dryRunProposal, getDraft, getDraftFile, getProposal, getProposalFile, listProposals, listVersions } from "../queries";

useOwnDatabase();
const NAME = "node-express";
const README = "skeleton/README.md";
let pat: SignedIn;
let max: SignedIn;
let ada: SignedIn;
let olga: SignedIn;
let bo: SignedIn;

beforeAll(async () => {
  await aTeam("checkout");
  await aTeam("search");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  max = await signedIn(await aPerson("max", { role: "platform-admin" }));
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  olga = await signedIn(await aPerson("olga", { teams: { checkout: "owner" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
});
afterAll(() => renderer().close());

beforeEach(async () => {
  for (const table of [goldenPathProposals, goldenPathDrafts, goldenPaths, notifications]) await db().delete(table);
  const files = await readPathFolder(`golden-paths/${NAME}`);
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: "Shipped with Waymark.", publishedBy: null, now }));
});

const ASKED = { goldenPath: NAME, title: "Say more in the README", reason: "New people ask us the same three things every week." };

async function proposed(text = (before: string) => `${before}\nAsk #help-node first.\n`, by = ada) {
  const begun = await startProposal(by, ASKED);
  const before = (await getProposalFile(by, { id: begun.id, path: README })).text ?? "";
  await saveProposal(by, { id: begun.id, revision: 1, changes: [{ type: "write", path: README, text: text(before) }] });
  return submitProposal(by, { id: begun.id, revision: 2 });
}

async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string; paths: string[] }> {
  try {
    await call;
  } catch (error) {
    if (isDomainError(error)) return { code: error.code, message: error.message, paths: error.fields.map(({ path }) => path) };
    throw error;
  }
  throw new Error("it was accepted");
}

const noticesOf = async (person: SignedIn) =>
  (await db().select().from(notifications).where(eq(notifications.userId, person.actor.id)).orderBy(desc(notifications.createdAt))).map(({ title }) => title);
const publishNext = async (readme: (before: string) => string, version: string) => {
  const draft = await startDraft(pat, { name: NAME });
  const { text } = await getDraftFile(pat, { name: NAME, path: README });
  const { draft: saved } = await saveDraft(pat, { name: NAME, revision: draft.revision, changes: [{ type: "write", path: README, text: readme(text ?? "") }] });
  return publishDraft(pat, { name: NAME, revision: saved.revision, version, note: "Another README" });
};

describe("a proposed change", () => {
  it("has in the audit log who saved: once a sitting, and each person and each file moved for itself", async () => {
    const { id } = await startProposal(ada, ASKED);
    const write = (text: string) => [{ type: "write" as const, path: README, text }];
    await saveProposal(ada, { id, revision: 1, changes: write("one") });
    await saveProposal(ada, { id, revision: 2, changes: write("two") });
    await saveProposal(olga, { id, revision: 3, changes: write("three") });
    await saveProposal(olga, { id, revision: 4, changes: [{ type: "delete", path: README }] });
    const saved = await db()
      .select({ actor: auditEvents.actorId, detail: auditEvents.detail })
      .from(auditEvents)
      .where(and(eq(auditEvents.targetId, id), eq(auditEvents.name, "golden-path.edit-proposal")));
    const told = saved.map(({ actor, detail }) => `${actor === olga.actor.id ? "olga" : "ada"} ${(detail as { revision: number }).revision}`);
    expect(told.sort()).toEqual(["ada 2", "olga 4", "olga 5"]);
  });

  it("goes from its author to the platform team, into the draft and out with a version; the author hears of each", async () => {
    const submitted = await proposed();
    expect(submitted).toMatchObject({ status: "submitted", baseVersion: "1.0.0", author: { handle: "ada" }, team: "group:default/checkout" });
    expect(await noticesOf(pat)).toEqual([`ada proposes a change to ${NAME}`]);
    expect((await listProposals(pat, { status: "submitted" })).items.map(({ id }) => id)).toEqual([submitted.id]);
    expect((await compareProposal(pat, { id: submitted.id })).files).toMatchObject([{ path: README, state: "changed", added: 2 }]);
    expect((await checkProposal(pat, { id: submitted.id })).findings.filter(({ severity }) => severity === "error")).toEqual([]);

    await commentProposal(pat, { id: submitted.id, comment: "Which channel do the others use?" });
    await reviewProposal(pat, { id: submitted.id, revision: 2, decision: "ask-for-changes", comment: "Name the channel of every team." });
    expect(await noticesOf(ada)).toEqual([`The platform team asks for changes of “${ASKED.title}”`, `pat commented on “${ASKED.title}”`]);
    const again = (await getProposalFile(ada, { id: submitted.id, path: README })).text ?? "";
    await saveProposal(ada, { id: submitted.id, revision: 2, changes: [{ type: "write", path: README, text: `${again}Or #help-search.\n` }] });
    await submitProposal(ada, { id: submitted.id, revision: 3, comment: "Done." });

    expect(await reviewProposal(pat, { id: submitted.id, revision: 3, decision: "accept" })).toMatchObject({ status: "accepted", publishedVersion: null, conflicts: [] });
    const draft = await getDraft(pat, { name: NAME });
    expect((await getDraftFile(pat, { name: NAME, path: README })).text).toContain("#help-search");
    await publishDraft(pat, { name: NAME, revision: draft.revision, version: "1.1.0", note: "A better README" });
    expect(await getProposal(ada, { id: submitted.id })).toMatchObject({ status: "accepted", publishedVersion: "1.1.0" });
    expect((await noticesOf(ada))[0]).toBe(`“${ASKED.title}” is published with ${NAME} 1.1.0`);
    expect((await getProposal(ada, { id: submitted.id })).events.map(({ kind }) => kind)).toEqual([
      "began",
      "submitted",
      "commented",
      "changes-requested",
      "submitted",
      "accepted",
      "published",
    ]);
    const audited = await db()
      .select({ name: auditEvents.name })
      .from(auditEvents)
      .where(and(eq(auditEvents.targetId, submitted.id), like(auditEvents.name, "golden-path.%")));
    expect(new Set(audited.map(({ name }) => name))).toEqual(new Set(["golden-path.propose", "golden-path.edit-proposal", "golden-path.comment", "golden-path.review"]));
  });

  it("can be published at once, and leaves the draft that the platform team works on alone", async () => {
    const { id } = await proposed();
    await startDraft(pat, { name: NAME });
    const accepted = await reviewProposal(max, { id, revision: 2, decision: "accept", publish: { version: "1.1.0", note: "Ask #help-node" } });
    expect(accepted).toMatchObject({ status: "accepted", publishedVersion: "1.1.0" });
    expect((await listVersions(ada, { name: NAME })).items.map(({ version, publishedBy }) => [version, publishedBy])).toEqual([
      ["1.1.0", "max"],
      ["1.0.0", null],
    ]);
    expect(await getDraft(pat, { name: NAME })).toMatchObject({ baseVersion: "1.0.0", revision: 1 });
  });

  it("is merged when the published version moved on, into the draft that is there", async () => {
    const { id } = await proposed();
    await publishNext((before) => `# A new title\n${before}`, "1.1.0");
    const draft = await startDraft(pat, { name: NAME });
    await saveDraft(pat, { name: NAME, revision: draft.revision, changes: [{ type: "write", path: "skeleton/NEW.md", text: "new\n" }] });
    await reviewProposal(pat, { id, revision: 2, decision: "accept" });
    const text = (await getDraftFile(pat, { name: NAME, path: README })).text ?? "";
    expect(text.startsWith("# A new title\n")).toBe(true);
    expect(text).toContain("#help-node");
    expect((await getDraftFile(pat, { name: NAME, path: "skeleton/NEW.md" })).text).toBe("new\n");
    expect(await getDraft(pat, { name: NAME })).toMatchObject({ baseVersion: "1.1.0", revision: 3 });
  });

  it("says what does not fit and stays submitted; with markers it goes into the draft, which cannot be published before they are settled", async () => {
    const { id } = await proposed((before) => before.replace(/^#.*\n/, "# Ours\n"));
    await publishNext((before) => before.replace(/^#.*\n/, "# Theirs\n"), "1.1.0");
    const refused = await refusal(reviewProposal(pat, { id, revision: 2, decision: "accept" }));
    expect(refused).toMatchObject({ code: "conflict", paths: [README] });
    expect(refused.message).toContain("began from 1.0.0 and does not fit 1.1.0");
    expect((await getProposal(ada, { id })).status).toBe("submitted");
    const accepted = await reviewProposal(pat, { id, revision: 2, decision: "accept", conflicts: "markers" });
    expect(accepted.conflicts.map(({ path }) => path)).toEqual([README]);
    const draft = await getDraft(pat, { name: NAME });
    expect((await refusal(publishDraft(pat, { name: NAME, revision: draft.revision, version: "1.2.0", note: "Both" }))).message).toContain(
      "Two changes of the same lines meet here",
    );
  });

  it("is brought up to date by its author, who settles what both changed", async () => {
    const { id } = await proposed((before) => before.replace(/^#.*\n/, "# Ours\n"));
    await publishNext((before) => before.replace(/^#.*\n/, "# Theirs\n"), "1.1.0");
    expect(await outcome(updateProposal(ada, { id, revision: 2 }))).toBe("conflict");
    await reopenProposal(ada, { id });
    const updated = await updateProposal(ada, { id, revision: 2 });
    expect(updated).toMatchObject({ baseVersion: "1.1.0", revision: 3, conflicts: [{ path: README }] });
    expect((await refusal(submitProposal(ada, { id, revision: 3 }))).message).toContain("cannot be submitted");
    const { text } = await getProposalFile(ada, { id, path: README });
    const settled = (text ?? "").replace(/<{7}[\s\S]*>{7}.*\n/, "# Both\n");
    await saveProposal(ada, { id, revision: 3, changes: [{ type: "write", path: README, text: settled }] });
    await submitProposal(ada, { id, revision: 4 });
    await reviewProposal(pat, { id, revision: 4, decision: "accept", publish: { version: "1.2.0", note: "Both titles" } });
    expect(await outcome(updateProposal(ada, { id, revision: 4 }))).toBe("conflict");
  });

  it("is decided once when several decide at the same time", async () => {
    const { id } = await proposed();
    const results = await Promise.all([
      outcome(reviewProposal(pat, { id, revision: 2, decision: "accept", publish: { version: "1.1.0", note: "Ask #help-node" } })),
      outcome(reviewProposal(max, { id, revision: 2, decision: "accept" })),
      outcome(reviewProposal(pat, { id, revision: 2, decision: "decline", comment: "We do it otherwise." })),
    ]);
    expect(results.sort()).toEqual(["conflict", "conflict", "done"]);
    const late = await refusal(reviewProposal(max, { id, revision: 2, decision: "accept" }));
    expect(late.message).toMatch(/This proposal was (accepted|declined) \(by (pat|max)\)/);
  });

  it("waits for review again when the draft that held it is discarded", async () => {
    const { id } = await proposed();
    await reviewProposal(pat, { id, revision: 2, decision: "accept" });
    await discardDraft(pat, { name: NAME, revision: 1 });
    expect(await getProposal(pat, { id })).toMatchObject({ status: "submitted", publishedVersion: null });
    expect(await reviewProposal(pat, { id, revision: 2, decision: "accept" })).toMatchObject({ status: "accepted" });
  });

  it("is declined with a reason, withdrawn, and opened again", async () => {
    const { id } = await proposed();
    expect(await refusal(reviewProposal(pat, { id, revision: 2, decision: "decline" }))).toMatchObject({ code: "invalid", paths: ["comment"] });
    await reviewProposal(pat, { id, revision: 2, decision: "decline", comment: "The portal says it already." });
    expect((await noticesOf(ada))[0]).toContain("was declined");
    await reopenProposal(ada, { id });
    await submitProposal(ada, { id, revision: 2 });
    await withdrawProposal(ada, { id });
    expect((await refusal(reviewProposal(pat, { id, revision: 2, decision: "accept" }))).message).toContain("was withdrawn (by ada)");
  });

  it("stays readable when the path is gone, and says that nothing can be accepted", async () => {
    const { id } = await proposed();
    await db().delete(goldenPaths).where(eq(goldenPaths.name, NAME));
    expect(await getProposal(ada, { id })).toMatchObject({ currentVersion: null, status: "submitted" });
    expect((await getProposalFile(ada, { id, path: README })).text).toContain("#help-node");
    expect((await refusal(reviewProposal(pat, { id, revision: 2, decision: "accept" }))).message).toContain("not there any more");
    await withdrawProposal(ada, { id });
    await reopenProposal(ada, { id });
    expect((await refusal(submitProposal(ada, { id, revision: 2 }))).message).toContain("not there any more");
  });

  it("is seen and changed by its team alone, and decided by platform admins alone", async () => {
    const { id } = await proposed();
    expect(await outcome(getProposal(bo, { id }))).toBe("not_found");
    expect(await outcome(dryRunProposal(bo, { id, values: {}, unsaved: [] }))).toBe("not_found");
    expect((await listProposals(bo, {})).items).toEqual([]);
    expect(await outcome(reviewProposal(ada, { id, revision: 2, decision: "accept" }))).toBe("forbidden");
    expect(await outcome(reviewProposal(bo, { id, revision: 2, decision: "accept" }))).toBe("not_found");
    expect(await outcome(withdrawProposal(pat, { id }))).toBe("forbidden");
    expect(await outcome(withdrawProposal(olga, { id }))).toBe("done");
    expect(await outcome(startProposal(bo, { ...ASKED, team: "checkout" }))).toBe("forbidden");
    expect(await outcome(startDraft(ada, { name: NAME }))).toBe("forbidden");
  });

  it("refuses what cannot be one, saying where", async () => {
    expect(await refusal(startProposal(ada, { ...ASKED, reason: "x".repeat(1_048_576) }))).toMatchObject({ code: "invalid", paths: ["reason"] });
    expect(await refusal(startProposal(ada, { ...ASKED, title: "" }))).toMatchObject({ code: "invalid", paths: ["title"] });
    for (const apart of ["\n", "\r", "\u0085", "\u2028"])
      expect(await refusal(startProposal(ada, { ...ASKED, title: `Say more${apart}>>>>>>> in the README` }))).toMatchObject({ code: "invalid", paths: ["title"] });
    expect(await refusal(startProposal(ada, { ...ASKED, goldenPath: "nothing-here" }))).toMatchObject({ code: "not_found" });
    const begun = await startProposal(ada, ASKED);
    const write = (text: string, revision = 1) => saveProposal(ada, { id: begun.id, revision, changes: [{ type: "write", path: README, text }] });
    expect(await refusal(write("x".repeat(600 * 1024)))).toMatchObject({ code: "invalid", paths: ["changes.0.text"] });
    expect((await refusal(submitProposal(ada, { id: begun.id, revision: 1 }))).message).toContain("Nothing differs");
    await write("one");
    expect(await refusal(write("two"))).toMatchObject({ code: "conflict", paths: ["revision"] });
    await saveProposal(ada, { id: begun.id, revision: 2, changes: [{ type: "write", path: "template.yaml", text: "no: template" }] });
    expect(await refusal(submitProposal(ada, { id: begun.id, revision: 3 }))).toMatchObject({ code: "invalid" });
    expect(await outcome(commentProposal(ada, { id: begun.id, comment: "x".repeat(5_000) }))).toBe("invalid");
  });

  it("is refused over a twentieth open one of a team", async () => {
    for (let turn = 0; turn < 20; turn++) await startProposal(ada, ASKED);
    expect((await refusal(startProposal(ada, ASKED))).message).toContain("20 open proposals");
    expect(await outcome(startProposal(bo, ASKED))).toBe("done");
  });

  it("does not stand in the way of paths as code", async () => {
    const { id } = await proposed();
    const files = [...(await readPathFolder(`golden-paths/${NAME}`))].map(([path, { content, mode }]) => ({
      path,
      content: content.toString("base64"),
      encoding: "base64" as const,
      isExecutable: mode === 0o755,
    }));
    await publishFolder(pat, { name: NAME, files, version: "1.1.0", note: "As code" });
    expect(await reviewProposal(pat, { id, revision: 2, decision: "accept" })).toMatchObject({ status: "accepted", currentVersion: "1.1.0" });
  });
});
