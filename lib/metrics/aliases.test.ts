import { expect, test } from "vitest";
import { fromKnownShapes } from "./aliases";
import { DeploymentRow } from "./event-rows";

const sha = "a".repeat(40);
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
    { external_id: "1.4", service: "component:default/till", remediates: "1.3", paths: ["services/till"] },
  ],
  [
    "Cortex",
    { tag: "till", repository: "acme/till", environment: "staging", timestamp: at, sha, type: "ROLLBACK", title: "back" },
    { service: "component:default/till", environment: "staging", flags: ["rework"] },
  ],
])("the shape of %s is a deployment", (_tool, sent, expected) => {
  const [row] = fromKnownShapes(sent);
  expect(DeploymentRow.parse(row)).toMatchObject({ ...expected, commit: sha });
});

test("several repositories of one deployment are several rows, and what is not recognised stays", () => {
  const commits = ["a", "b"].map((name) => ({ repoUrl: `https://x/acme/${name}`, commitSha: sha }));
  expect(fromKnownShapes({ id: "d", startedDate: at, finishedDate: at, deploymentCommits: commits })).toMatchObject([{ external_id: "d-a" }, { external_id: "d-b" }]);
  const odd = [null, 7, "x", [], {}, { service: "till" }];
  expect(odd.flatMap(fromKnownShapes)).toEqual(odd);
});

test("DevLake's body without a commit is refused by the name of its own field", () => {
  for (const deploymentCommits of [[], "no", [7]])
    expect(() => fromKnownShapes({ id: "d", startedDate: at, finishedDate: at, deploymentCommits })).toThrow("deploymentCommits: It names no commit.");
});

test.each(["SCALE", "RESTART"])("Cortex' %s is refused: it is no deployment", (type) => {
  expect(() => fromKnownShapes({ tag: "till", repository: "acme/till", timestamp: at, sha, type, title: "more of it" })).toThrow(`A ${type} brings no new version`);
});
