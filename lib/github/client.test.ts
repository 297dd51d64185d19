import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PRIMARY_LIMIT, SECONDARY_LIMIT } from "@/tests/github/faults";
import { aForeignRepo, aScene, type Scene } from "@/tests/github/scene";
import { checkGithub } from "./check";
import { createGithubClient, githubClientFor } from "./client";
import { isGithubFailure } from "./failure";

let scene: Scene;
beforeAll(async () => {
  scene = await aScene();
  aForeignRepo(scene, "shop");
});
beforeEach(() => {
  scene.fake.faults.clear();
  scene.fake.asked.length = 0;
});
afterAll(async () => {
  await scene.fake.stop();
  expect(scene.fake.violations).toEqual([]);
});

const readShop = (client = scene.client()) => client.call("look for acme/shop", (rest) => rest.repos.get({ owner: "acme", repo: "shop" }));
const createX = (client = scene.client()) => client.call("create the repository acme/x", (rest) => rest.repos.createInOrg({ org: "acme", name: "x", private: true }));
const asked = (operation: string) => scene.fake.asked.filter((one) => one === operation).length;

describe("signing in", () => {
  it("as an App takes one installation token for many requests, and another before it ends", async () => {
    const client = scene.client(scene.app);
    await Promise.all([readShop(client), readShop(client)]);
    await readShop(client);
    expect(asked("apps/create-installation-access-token")).toBe(1);
    scene.fake.state.tokenLifeMs = 4 * 60_000;
    client.forgetTokens();
    await readShop(client);
    await readShop(client);
    scene.fake.state.tokenLifeMs = 3600_000;
    expect(asked("apps/create-installation-access-token")).toBe(3);
    expect(await client.gitToken()).toMatch(/^ghs_/);
  });

  it("with another App's key is refused in words", async () => {
    const client = createGithubClient({ apiUrl: scene.fake.apiUrl, owner: "acme", auth: { ...scene.app, appId: "1" } as Scene["app"] });
    await expect(readShop(client)).rejects.toMatchObject({
      problem: "bad-credentials",
      outcome: { whoCanFix: "platform-team", nextAction: expect.stringContaining("private key") },
    });
  });

  it("for an owner without the App says where to install it", async () => {
    const client = createGithubClient({ apiUrl: scene.fake.apiUrl, owner: "octo", auth: scene.app });
    await expect(readShop(client)).rejects.toMatchObject({ problem: "not-installed", message: "The GitHub App is not installed for octo." });
  });

  it("keeps one client per connection, so that its token is used again", () => {
    const connection = { apiUrl: scene.fake.apiUrl, owner: "acme", auth: scene.token };
    expect(githubClientFor({ ...connection })).toBe(githubClientFor(connection));
    expect(githubClientFor({ ...connection, owner: "other" })).not.toBe(githubClientFor(connection));
  });
});

describe("what goes wrong on the way", () => {
  it("repeats reads, and never a write", async () => {
    scene.fake.faults.add({ operation: "repos/get", when: "before", kind: { status: 502 } });
    scene.fake.faults.add({ operation: "repos/get", when: "after", kind: "half" });
    expect((await readShop()).data.name).toBe("shop");
    expect(asked("repos/get")).toBe(3);
    scene.fake.faults.add({ operation: "repos/create-in-org", when: "before", kind: { status: 502 } });
    await expect(createX()).rejects.toMatchObject({ problem: "unavailable", mayHaveHappened: true, outcome: { whoCanFix: "provider" } });
    expect(asked("repos/create-in-org")).toBe(1);
  });

  it.each(["cut", "half", "silence"] as const)("calls a write whose answer is lost (%s) what it is", async (kind) => {
    scene.fake.faults.add({ operation: "repos/create-in-org", when: "before", kind });
    await expect(createX()).rejects.toMatchObject({ problem: "lost-answer", mayHaveHappened: true, outcome: { nextAction: expect.stringContaining("not done twice") } });
    expect(scene.fake.state.repo("acme", "x")).toBeUndefined();
  });

  it("knows that nothing happened where nobody listens", async () => {
    const client = createGithubClient({ apiUrl: "http://127.0.0.1:2/api/v3", owner: "acme", auth: scene.token });
    await expect(createX(client)).rejects.toMatchObject({ problem: "unreachable", mayHaveHappened: false, message: expect.stringContaining("127.0.0.1:2 cannot be reached") });
  });

  it("turns both rate limits into a time to come back", async () => {
    const reset = new Date(Math.floor(Date.now() / 1000) * 1000 + 600_000);
    scene.fake.faults.add({ operation: "repos/get", when: "before", kind: PRIMARY_LIMIT(reset) });
    const primary = await readShop().catch((error: unknown) => error);
    expect(primary).toMatchObject({ problem: "rate-limited", message: expect.stringContaining("hourly rate limit") });
    expect(isGithubFailure(primary, "rate-limited") && Math.abs((primary.retryAt?.getTime() ?? 0) - reset.getTime())).toBeLessThan(1500);
    scene.fake.faults.add({ operation: "repos/create-in-org", when: "before", kind: SECONDARY_LIMIT });
    const secondary = await createX().catch((error: unknown) => error);
    if (!isGithubFailure(secondary, "rate-limited")) throw new Error("not a rate limit");
    const now = new Date();
    expect(secondary.asDomainError(now)).toMatchObject({ code: "rate_limited" });
    expect(secondary.asDomainError(now).retryAfterSeconds).toBeGreaterThan(55);
  });

  it.each([
    [{ status: 401, message: "Bad credentials" }, "bad-credentials", "unavailable"],
    [{ status: 403, message: "Upgrade to GitHub Pro or make this repository public to enable this feature." }, "plan", "unavailable"],
    [
      { status: 403, message: "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled" },
      "ip-allow-list",
      "unavailable",
    ],
    [{ status: 403, message: "Repository was archived so is read-only." }, "archived", "unavailable"],
    [{ status: 403, message: "Must have admin rights" }, "missing-permission", "unavailable"],
    [{ status: 409, message: "Git Repository is empty." }, "conflict", "conflict"],
    [{ status: 422, message: "Validation Failed" }, "invalid", "invalid"],
    [{ status: 404, message: "Not Found" }, "not-found", "not_found"],
    [{ status: 503, message: "" }, "unavailable", "unavailable"],
  ])("explains %j", async (kind, problem, code) => {
    scene.fake.faults.add({ operation: "repos/create-in-org", when: "before", kind });
    const failure = await createX().catch((error: unknown) => error);
    if (!isGithubFailure(failure)) throw new Error("not explained");
    expect([failure.problem, failure.asDomainError(new Date()).code]).toEqual([problem, code]);
    expect(failure.message).toMatch(/^(GitHub|Waymark) (did|could) not create the repository acme\/x/);
    expect(failure.outcome.nextAction).toMatch(/^[A-Z].*\.$/);
  });
});

describe("the check of a connection", () => {
  it("says who the App is, what it may do and how many requests are left", async () => {
    const report = await checkGithub(scene.client(scene.app));
    expect(report).toMatchObject({ identity: "App waymark-acme", problem: null, warnings: [], rate: { limit: 5000, remaining: 4990 } });
    expect(report.permissions.every(({ state }) => state === "granted")).toBe(true);
  });

  it("names what is missing, and warns of selected repositories", async () => {
    const { installation } = scene;
    const { permissions } = installation;
    installation.permissions = { metadata: "read", contents: "read", administration: "write" };
    installation.repositorySelection = "selected";
    const report = await checkGithub(scene.client(scene.app));
    Object.assign(installation, { permissions, repositorySelection: "all" });
    expect(report.problem?.cause).toBe("The App lacks Contents (read and write) and Workflows (read and write).");
    expect(report.warnings[0]).toContain("selected repositories only");
  });

  it("tells a classic token's scopes from a fine-grained token's silence", async () => {
    const classic = scene.fake.state.addToken({ login: "octo", scopes: ["repo"] });
    expect((await checkGithub(scene.client({ type: "token", token: classic.value }))).problem?.cause).toBe("The token lacks Workflows (read and write).");
    const fine = await checkGithub(scene.client());
    expect(fine).toMatchObject({ identity: "octo", problem: null });
    expect(fine.warnings).toEqual([expect.stringContaining("fine-grained")]);
  });

  it("says why it cannot work: another person, a suspended App, nobody there", async () => {
    const person = createGithubClient({ apiUrl: scene.fake.apiUrl, owner: "nobody", auth: scene.token });
    expect((await checkGithub(person)).problem?.cause).toContain("could not find nobody");
    scene.installation.isSuspended = true;
    expect((await checkGithub(scene.client(scene.app))).problem?.nextAction).toContain("unsuspend");
    scene.installation.isSuspended = false;
    const away = createGithubClient({ apiUrl: "http://127.0.0.1:2/api/v3", owner: "acme", auth: scene.token });
    expect((await checkGithub(away)).problem?.cause).toContain("cannot be reached");
  });
});
