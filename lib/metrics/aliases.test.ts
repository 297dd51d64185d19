import { expect, test } from "vitest";
import { fromKnownShapes as turned } from "./aliases";
import { DeploymentRow } from "./event-rows";

const sha = "a".repeat(40);
const fromKnownShapes = (row: unknown) => turned(row, { now: new Date("2026-03-02T12:00:00Z"), repositoryOf: async (service) => (service === "till" ? "acme/till" : null) });
const at = "2026-03-02T10:00:00Z";

test.each([
  [
    "DevLake",
    {
      id: "d-1",
      startedDate: at,
      finishedDate: "2026-03-02T10:05:00Z",
      environment: "PRODUCTION",
      result: "SUCCESS",
      deploymentCommits: [{ repoUrl: "https://github.com/acme/till.git", commitSha: sha, refName: "main" }],
    },
    { external_id: "d-1", service: "component:default/till", environment: "production", status: "success", repository: "acme/till" },
  ],
  [
    "Swarmia",
    {
      version: "1.4",
      appName: "till",
      environment: "production",
      deployedAt: at,
      commitSha: sha,
      repositoryFullName: "acme/till",
      fixesVersion: "1.3",
      filePathFilters: ["services/till"],
    },
    { external_id: "1.4", release_id: "1.4", service: "component:default/till", remediates: "1.3", paths: ["services/till"] },
  ],
  [
    "Swarmia with nothing but what it requires",
    { version: sha, appName: "till" },
    { external_id: sha, release_id: sha, repository: "acme/till", environment: "production", finished_at: new Date("2026-03-02T12:00:00Z") },
  ],
  [
    "Cortex",
    { tag: "till", repository: "acme/till", environment: "staging", timestamp: at, sha, type: "ROLLBACK", title: "back" },
    { service: "component:default/till", environment: "staging", flags: ["rework"] },
  ],
])("the shape of %s is a deployment", async (_tool, sent, expected) => {
  const [row] = await fromKnownShapes(sent);
  expect(DeploymentRow.parse(row)).toMatchObject({ ...expected, commit: sha });
});

test("several repositories of one deployment are several rows, and what is not recognised stays", async () => {
  const commits = ["a", "b"].map((name) => ({ repoUrl: `https://x/acme/${name}`, commitSha: sha }));
  expect(await fromKnownShapes({ id: "d", startedDate: at, finishedDate: at, deploymentCommits: commits })).toMatchObject([{ external_id: "d-a" }, { external_id: "d-b" }]);
  const odd = [null, 7, "x", [], {}, { service: "till" }];
  expect((await Promise.all(odd.map(fromKnownShapes))).flat()).toEqual(odd);
});

test("DevLake's body without a commit is refused by the name of its own field", async () => {
  for (const deploymentCommits of [[], "no", [7], ["x", { repoUrl: "https://x/acme/till", commitSha: sha }]])
    await expect(fromKnownShapes({ id: "d", startedDate: at, finishedDate: at, deploymentCommits })).rejects.toThrow("deploymentCommits: It names no commit.");
});

test.each(["SCALE", "RESTART"])("Cortex' %s is refused: it is no deployment", async (type) => {
  await expect(fromKnownShapes({ tag: "till", repository: "acme/till", timestamp: at, sha, type, title: "more of it" })).rejects.toThrow(`A ${type} brings no new version`);
});

test.each(["BANANA", "", 7])("Cortex' type %j is refused: nobody knows whether it deploys", async (type) => {
  await expect(fromKnownShapes({ tag: "till", repository: "acme/till", timestamp: at, sha, type, title: "what is it" })).rejects.toThrow("type: Send DEPLOY or ROLLBACK");
});

test.each([
  ["v2.0.5", { version: "v2.0.5", appName: "till" }, "commitSha: The version “v2.0.5” is no git hash."],
  ["no version", { appName: "till", commitSha: sha }, "version: Name the version that was deployed, as a text."],
  ["no text as its service", { version: sha, appName: 42 }, "appName: Name the service that was deployed, as a text."],
  ["a service without a repository", { version: sha, appName: "unknown" }, "repositoryFullName: The catalog knows no repository of “unknown”."],
])("Swarmia's body with %s is refused by the name of its own field", async (_what, sent, message) => {
  await expect(fromKnownShapes(sent)).rejects.toThrow(message);
});
