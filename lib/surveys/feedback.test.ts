import { beforeAll, describe, expect, test } from "vitest";
import { listAuditEvents } from "@/lib/audit/queries";
import { listNotifications } from "@/lib/notifications/queries";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { addChange, answerFeedback, removeChange, sendFeedback } from "./mutations";
import { getFeedback, listChanges, listFeedback, listOwnFeedback } from "./queries";

useOwnDatabase();
let ada: SignedIn;
let bo: SignedIn;
let pat: SignedIn;

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo"));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
});

describe("what somebody tells the platform team", () => {
  test("reaches its inbox, is answered, and the sender is told", async () => {
    const { id } = await sendFeedback(ada, { text: "  <script>alert(1)</script> =SUM(A1) \u0000 ", page: "/environments?scope=team" });
    expect((await listNotifications(pat, {})).items.map((notice) => notice.href)).toEqual([`/admin/feedback?message=${id}`]);
    const inbox = await listFeedback(pat, { state: "open" });
    expect(inbox).toMatchObject({ total: 1, items: [{ id, text: "<script>alert(1)</script> =SUM(A1)", from: { handle: "ada" }, answer: null }] });
    await answerFeedback(pat, { id, answer: "Done in the next version." });
    expect(await getFeedback(ada, { id })).toMatchObject({ answer: { text: "Done in the next version.", by: "pat" } });
    expect((await listNotifications(ada, {})).items).toMatchObject([{ kind: "feedback-answered", href: `/feedback/${id}` }]);
    expect(await listFeedback(pat, { state: "open" })).toMatchObject({ total: 0 });
    expect((await listOwnFeedback(ada, {})).items).toHaveLength(1);
    expect((await listOwnFeedback(bo, {})).items).toEqual([]);
    expect((await listAuditEvents(pat, { name: "feedback" })).items.map((event) => event.name)).toEqual(["feedback.answer", "feedback.send"]);
    expect(JSON.stringify(await listAuditEvents(pat, { name: "feedback" }))).not.toContain("script");
  });

  test("is nobody else's to read or to answer", async () => {
    const { id } = await sendFeedback(ada, { text: "Only for the platform team" });
    expect(await outcome(getFeedback(bo, { id }))).toBe("not_found");
    expect(await outcome(getFeedback(bo, { id: "fbk_missing" }))).toBe("not_found");
    expect(await outcome(listFeedback(bo, {}))).toBe("forbidden");
    expect(await outcome(answerFeedback(bo, { id, answer: "no" }))).toBe("forbidden");
    expect(await outcome(answerFeedback(pat, { id: "fbk_missing", answer: "hello" }))).toBe("not_found");
  });

  test.each([
    [{ text: "" }],
    [{ text: "  \u0000 " }],
    [{ text: "x".repeat(1_000_000) }],
    [{ text: 5 }],
    [{}],
    [{ text: "fine", page: "https://evil.example" }],
    [{ text: "fine", page: "//evil.example" }],
    [{ text: "fine", page: "javascript:alert(1)" }],
    [{ text: "fine", userId: "usr_other" }],
  ])("%j is refused", async (input) => {
    expect(await outcome(sendFeedback(ada, input as Parameters<typeof sendFeedback>[1]))).toBe("invalid");
  });

  test("twenty messages within an hour are enough", async () => {
    for (let i = 0; i < 20; i++) await sendFeedback(bo, { text: `message ${i}` });
    expect(await outcome(sendFeedback(bo, { text: "one more" }))).toBe("rate_limited");
    const first = await listFeedback(pat, { limit: 15 });
    const second = await listFeedback(pat, { limit: 15, cursor: first.nextCursor ?? "" });
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(22);
    expect(await outcome(listFeedback(pat, { cursor: "x" }))).toBe("invalid");
  });
});

test("what was changed because of a survey is told by platform admins only", async () => {
  const { id } = await addChange(pat, { title: "Staging data is refreshed", detail: "" });
  expect((await listChanges(ada, {})).items).toMatchObject([{ id, title: "Staging data is refreshed", isDemo: false }]);
  expect(await outcome(addChange(ada, { title: "Mine" }))).toBe("forbidden");
  expect(await outcome(addChange(pat, { title: "x".repeat(81) }))).toBe("invalid");
  await removeChange(pat, { id });
  expect(await outcome(removeChange(pat, { id }))).toBe("not_found");
  expect((await listAuditEvents(pat, { name: "survey.manage" })).items).toHaveLength(3);
});
