import { describe, expect, test } from "vitest";
import { useCommandLine } from "./bench";
import { BAD_COURSE, sampleRun } from "./sample-objects";

const { portal, run } = useCommandLine();

const item = (kind: string, name: string, values: string[]) => ({
  key: `${kind}:${name}`,
  kind,
  name,
  href: null,
  detail: "",
  choices: values.map((value) => ({ value, label: value, what: `${value}d` })),
  what: null,
});
const PLAN = {
  entityRef: "component:default/shop",
  title: "Shop",
  name: "shop",
  digest: "d1",
  notes: [],
  items: [
    item("environment", "shop-development", ["delete", "keep"]),
    item("repository", "checkout/shop", ["archive", "delete", "keep"]),
    item("dependant", "component:default/web", []),
  ],
};
const RECEIPT = { id: "run_0001", results: [{ kind: "repository", name: "checkout/shop", result: "archived", verified: "kept", href: null, at: "2026-01-01T00:00:00.000Z" }] };
const PATH = "/api/v1/services/shop/decommission";

function aService(): void {
  portal().answers[`GET ${PATH}`] = { status: 200, body: PLAN };
  portal().answers[`POST ${PATH}`] = { status: 202, body: { run: sampleRun("queued", ["pending", "pending", "pending"]) } };
  portal().answers["GET /api/v1/decommissions/run_0001"] = { status: 200, body: RECEIPT };
}
const posted = () => portal().seen.filter(({ method }) => method === "POST");

describe("service decommission", () => {
  test("--dry-run lists what becomes of each part and sends nothing", async () => {
    aService();
    const ended = await run("waymark", ["service", "decommission", "shop", "--dry-run", "--set", "repository=keep"]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toMatch(/environment +shop-development +delete/);
    expect(ended.stdout).toMatch(/repository +checkout\/shop +keep/);
    expect(ended.stderr).toContain("--confirm shop");
    expect(posted()).toEqual([]);
    const asJson = await run("waymark", ["service", "decommission", "shop", "--dry-run", "--json"]);
    expect(JSON.parse(asJson.stdout)).toEqual({ plan: PLAN, choices: {} });
  });

  test("sends what was confirmed and chosen, with what was looked at, and prints the receipt", async () => {
    aService();
    const ended = await run("waymark", ["service", "decommission", "shop", "--confirm", "shop", "--set", "shop-development=keep", "--set", "repository=delete"]);
    expect(ended).toMatchObject({ code: 0, stdout: "repository  checkout/shop  archived  kept\n" });
    expect(posted()[0]?.body).toEqual({ confirm: "shop", digest: "d1", choices: { "environment:shop-development": "keep", "repository:checkout/shop": "delete" } });
    const asJson = await run("waymark", ["service", "decommission", "shop", "--confirm", "shop", "--json"]);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ run: { id: "run_0001" }, receipt: RECEIPT });
  });

  test.each([
    ["nothing confirmed", []],
    ["a part that is not there", ["--confirm", "shop", "--set", "queue=delete"]],
    ["a choice that a part does not have", ["--confirm", "shop", "--set", "environment=archive"]],
    ["a part without a choice", ["--confirm", "shop", "--set", "component:default/web=delete"]],
  ])("with %s is usage, and sends nothing", async (_what, more) => {
    aService();
    expect((await run("waymark", ["service", "decommission", "shop", ...more])).code).toBe(2);
    expect(posted()).toEqual([]);
  });

  test("a run that fails is exit code 1 with its cause", async () => {
    aService();
    portal().course = BAD_COURSE;
    expect((await run("waymark", ["service", "decommission", "shop", "--confirm", "shop"])).code).toBe(1);
  });
});

const PULL = {
  id: "pul_1",
  number: 7,
  title: "Say more",
  body: "",
  sourceBranch: "louder",
  targetBranch: "main",
  author: { handle: "ada", name: "Ada" },
  status: "open",
  isDraft: false,
  head: "c".repeat(40),
  conflicts: [],
  mergeCommit: null,
};
const PULLS = "/api/v1/repositories/checkout/shop/pulls";
const view = (more: object = {}) => ({
  pullRequest: { ...PULL, ...more },
  commits: [{ sha: "c".repeat(40), subject: "Say more", author: "Ada" }],
  files: [{ path: "src/app.js", status: "changed", added: 3, removed: 1, isBinary: false, text: null }],
  checks: [{ name: "Conflict markers", state: "passed", detail: "None.", isRequired: true }],
  mergeState: "clean",
});

describe("pull requests", () => {
  test("are listed to the last page, the open ones unless asked otherwise", async () => {
    portal().answers[`GET ${PULLS}`] = { status: 200, body: { items: [PULL], nextCursor: null } };
    const ended = await run("waymark", ["pull", "list", "checkout/shop"]);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/#7 +open +ada +louder → main +Say more/) });
    expect(portal().seen.at(-1)?.path).toContain("status=open");
    const asJson = await run("waymark", ["pull", "list", "checkout/shop", "--status", "merged", "--json"]);
    expect(JSON.parse(asJson.stdout)).toEqual({ items: [PULL], total: 1 });
    expect(portal().seen.at(-1)?.path).toContain("status=merged");
  });

  test("one shows checks, commits and files", async () => {
    portal().answers[`GET ${PULLS}/7`] = { status: 200, body: view() };
    const { code, stdout } = await run("waymark", ["pull", "show", "checkout/shop#7"]);
    expect(code).toBe(0);
    for (const words of ["#7 Say more: open", "can be merged", "passed  Conflict markers", "ccccccc  Ada", "+3 -1  src/app.js"]) expect(stdout).toContain(words);
    expect(JSON.parse((await run("waymark", ["pull", "show", "checkout/shop#7", "--json"])).stdout)).toEqual(view());
    portal().answers[`GET ${PULLS}/7`] = { status: 200, body: { ...view(), pullRequest: { ...PULL, isDraft: true } } };
    const draft = (await run("waymark", ["pull", "show", "checkout/shop#7"])).stdout;
    expect(draft).toContain("#7 Say more: draft");
    expect(draft).not.toContain("can be merged");
  });

  test("merging names the commit that was looked at, and prints the merge commit", async () => {
    portal().answers[`GET ${PULLS}/7`] = { status: 200, body: view({ mergeCommit: "d".repeat(40), status: "merged" }) };
    portal().answers[`POST ${PULLS}/7/merge`] = { status: 202, body: { run: sampleRun("queued", ["pending", "pending", "pending"]), pullRequest: PULL } };
    const ended = await run("waymark", ["pull", "merge", "checkout/shop#7", "--delete-branch"]);
    expect(ended).toMatchObject({ code: 0, stdout: `${"d".repeat(40)}\n` });
    expect(posted()[0]?.body).toEqual({ head: PULL.head, deleteBranch: true });
  });

  test.each(["checkout/shop", "checkout/shop#0", "shop#7", "../x#1", "a/b/c#1"])("%s names no pull request", async (operand) => {
    const before = portal().seen.length;
    expect(await run("waymark", ["pull", "show", operand])).toMatchObject({ code: 2, stderr: expect.stringContaining("names no pull request") });
    expect(portal().seen).toHaveLength(before);
  });
});
