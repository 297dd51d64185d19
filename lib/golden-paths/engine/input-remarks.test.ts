import { describe, expect, it } from "vitest";
import { parseDefinition } from "../definition";
import { inputRemarks } from "./input-remarks";
import { stepRegistry } from "./steps";

const path = (steps: object[]) =>
  parseDefinition(JSON.stringify({ apiVersion: "scaffolder.backstage.io/v1beta3", kind: "Template", metadata: { name: "x" }, spec: { type: "service", steps } }));
const remarks = (steps: object[]) => inputRemarks(path(steps), stepRegistry).map(({ message }) => message);

/** Inputs of the published modules, read from @backstage/plugin-scaffolder-backend 4.3 and its modules for GitHub 0.10, GitLab 0.12, Gitea, Azure and Bitbucket Cloud, and Roadie's. */
const PUBLISHED: Record<string, string> = {
  "publish:github":
    "repoUrl description homepage access bypassPullRequestAllowances requiredApprovingReviewCount restrictions requireCodeOwnerReviews dismissStaleReviews requiredStatusCheckContexts requireBranchesToBeUpToDate requiredConversationResolution requireLastPushApproval repoVisibility defaultBranch protectDefaultBranch protectEnforceAdmins deleteBranchOnMerge gitCommitMessage gitAuthorName gitAuthorEmail allowMergeCommit allowSquashMerge squashMergeCommitTitle squashMergeCommitMessage allowRebaseMerge allowAutoMerge allowUpdateBranch sourcePath collaborators hasProjects hasWiki hasIssues token topics repoVariables secrets oidcCustomization requiredCommitSigning requiredLinearHistory customProperties subscribe",
  "publish:gitlab":
    "repoUrl repoVisibility defaultBranch gitCommitMessage gitAuthorName gitAuthorEmail signCommit sourcePath skipExisting token setUserAsOwner ownerUsername topics settings branches projectVariables",
  "publish:gitea": "repoUrl description defaultBranch repoVisibility gitCommitMessage gitAuthorName gitAuthorEmail sourcePath signCommit",
  "publish:azure": "repoUrl description defaultBranch sourcePath token gitCommitMessage gitAuthorName gitAuthorEmail signCommit",
  "publish:bitbucketCloud": "repoUrl description defaultBranch repoVisibility gitCommitMessage sourcePath token signCommit",
  "publish:github:pull-request":
    "repoUrl branchName filesToDelete targetBranchName title description draft sourcePath targetPath token reviewers assignees teamReviewers commitMessage update forceFork gitAuthorName gitAuthorEmail forceEmptyGitAuthor createWhenEmpty",
  "publish:zip": "sourcePath",
  "github:actions:dispatch": "repoUrl workflowId branchOrTagName workflowInputs returnWorkflowRunDetails token",
  "github:autolinks:create": "repoUrl keyPrefix urlTemplate isAlphanumeric token",
  "github:branch-protection:create":
    "repoUrl branch enforceAdmins requiredApprovingReviewCount requireCodeOwnerReviews dismissStaleReviews bypassPullRequestAllowances restrictions requiredStatusCheckContexts requireBranchesToBeUpToDate requiredConversationResolution requireLastPushApproval requiredCommitSigning requiredLinearHistory blockCreations token",
  "github:deployKey:create": "repoUrl publicKey privateKey deployKeyName privateKeySecretName token",
  "github:environment:create":
    "repoUrl name deploymentBranchPolicy customBranchPolicyNames customTagPolicyNames environmentVariables secrets token waitTimer preventSelfReview reviewers",
  "github:issues:create": "repoUrl title body assignees milestone labels token",
  "github:issues:label": "repoUrl number labels token",
  "github:pages:enable": "repoUrl buildType sourceBranch sourcePath token",
  "github:repo:create":
    "access allowAutoMerge allowMergeCommit allowRebaseMerge allowSquashMerge allowUpdateBranch autoInit collaborators customProperties deleteBranchOnMerge description hasIssues hasProjects hasWiki homepage oidcCustomization repoUrl repoVariables repoVisibility secrets squashMergeCommitMessage squashMergeCommitTitle subscribe token topics workflowAccess",
  "github:repo:push":
    "repoUrl requireCodeOwnerReviews dismissStaleReviews requiredStatusCheckContexts bypassPullRequestAllowances requiredApprovingReviewCount restrictions requireBranchesToBeUpToDate requiredConversationResolution requireLastPushApproval defaultBranch protectDefaultBranch protectEnforceAdmins gitCommitMessage gitAuthorName gitAuthorEmail sourcePath token requiredCommitSigning requiredLinearHistory",
  "github:webhook": "repoUrl webhookUrl webhookSecret events active contentType insecureSsl token",
  "catalog:fetch": "entityRef entityRefs optional defaultKind defaultNamespace",
  "catalog:register": "catalogInfoUrl optional repoContentsUrl catalogInfoPath",
  "catalog:write": "filePath entity",
  "debug:log": "message listWorkspace",
  "debug:wait": "minutes seconds milliseconds",
  "fetch:plain": "url targetPath token",
  "fetch:plain:file": "url targetPath token",
  "fetch:template": "url targetPath values copyWithoutRender copyWithoutTemplating cookiecutterCompat templateFileExtension replace trimBlocks lstripBlocks token",
  "fetch:template:file": "url targetPath values cookiecutterCompat replace trimBlocks lstripBlocks token",
  "fetch:cookiecutter": "url targetPath values copyWithoutRender extensions imageName",
  "workspace:template": "sourcePath targetPath values copyWithoutTemplating cookiecutterCompat templateFileExtension replace",
  "fs:delete": "files",
  "fs:readdir": "paths recursive",
  "fs:rename": "files",
  "roadiehq:utils:fs:write": "path content preserveFormatting",
  "roadiehq:utils:fs:append": "path content",
  "roadiehq:utils:merge": "path content mergeArrays preserveYamlComments useDocumentIncludingField options",
  "roadiehq:utils:serialize:yaml": "data replacer options",
  "roadiehq:utils:serialize:json": "data replacer space",
  "roadiehq:utils:jsonata": "data expression",
  "roadiehq:utils:jsonata:json:transform": "path expression replacer space as",
  "roadiehq:utils:jsonata:yaml:transform": "path expression options loadAll as",
  "http:backstage:request": "path method headers params body logRequestPath continueOnBadResponse timeout useBackstageToken idempotencyKey",
  "argocd:create-resources": "appName argoInstance namespace repoUrl path labelValue projectName",
};

describe("inputs that have no effect", () => {
  it("are named with the reason, and a mistyped one with what was meant", () => {
    expect(
      remarks([
        { id: "publish", action: "publish:github", input: { repoUrl: "x", homepage: "https://x", repoVisibilty: "private" } },
        { id: "say", action: "debug:log", input: { message: "x" } },
        { id: "none", action: "nobody:has:it", input: { a: 1 } },
      ]),
    ).toEqual([
      "publish:github does not use homepage: the address of the run is there, by which a repeat knows what it made.",
      "publish:github has no input repoVisibilty. Did you mean repoVisibility?",
    ]);
  });

  it.each(Object.keys(PUBLISHED))("every input of %s as published is used, or said not to be", (action) => {
    expect(stepRegistry.has(action)).toBe(true);
    const input = Object.fromEntries((PUBLISHED[action] ?? "").split(" ").map((name) => [name, "x"]));
    expect(remarks([{ id: "one", action, input }]).filter((message) => message.includes("has no input"))).toEqual([]);
  });

  it("are looked for in every built-in action", () => {
    for (const { id } of stepRegistry.values()) expect(remarks([{ id: "one", action: id, input: { no_such_input: 1 } }])).toHaveLength(1);
  });
});
