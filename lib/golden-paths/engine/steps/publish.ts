import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { NO_WISHES } from "@/lib/repositories/provider";
import { publishesTo } from "../publishing";
import { hostOwner, parseRepoUrl } from "../repo-url";
import { type Publication, type StepAction, stepAction } from "../step-action";
import { SecretName } from "./github-settings";

// The five actions that make the service's repository. The run makes it (lib/golden-paths/run-service-create.ts); here is what each
// of them takes, and what of it Waymark does.

const text = z.string("expected text");
const branch = text.regex(/^[A-Za-z0-9][\w./-]{0,99}$/, "expected a branch name such as main");
const texts = (what: string) => z.array(text, `expected a list of ${what}`);

const Common = z.looseObject({
  repoUrl: text.optional(),
  description: text.optional(),
  gitCommitMessage: text.max(5_000).optional(),
  gitAuthorName: text.max(200).optional(),
  gitAuthorEmail: text.max(200).optional(),
  sourcePath: text.optional(),
});
const Visibility = z.enum(["private", "internal", "public"], "expected private, internal or public");
const TwoWays = z.enum(["private", "public"], "expected private or public");

const SIGNED = "commits of Waymark carry no signature";
const CONNECTION = "Waymark uses its own connection";
export const TOKEN = { token: CONNECTION };
const RULES = "Waymark protects the default branch with a rule of its own; use github:branch-protection:create for more";
const FEATURES = "set it at GitHub";

type Common = z.output<typeof Common>;

interface Declared<I extends z.ZodType<Common>> {
  id: string;
  input: I;
  ignored: Record<string, string>;
  /** What this host alone is asked for. */
  wants(input: z.output<I>): Pick<Publication, "defaultBranch" | "visibility" | "topics"> & { description?: string | null; wishes?: Partial<Publication["wishes"]> };
  /** What a dry run gives beyond addresses. */
  example?: Record<string, unknown>;
}

function publisher<I extends z.ZodType<Common>>({ id, input, ignored, wants, example = {} }: Declared<I>): StepAction {
  const provider = publishesTo(id) ?? "github";
  return stepAction({
    id,
    effect: "publication",
    input,
    ignored,
    foresee: (given) => {
      const url = parseRepoUrl(given.repoUrl ?? null);
      const name = `${(url && hostOwner(url, provider)) ?? "team"}/${url?.repo ?? "service"}`;
      const remoteUrl = `https://git.example/${name}.git`;
      const output = { remoteUrl, repoContentsUrl: `https://git.example/${name}/tree/main`, commitHash: "0".repeat(40), ...example };
      return { calls: [{ call: id, detail: `Makes the ${wants(given).visibility} repository with these files as its first commit.` }], output };
    },
    run: async ({ input: given, outside }) => {
      if (!outside) throw new DomainError("unavailable", "Nothing can be published here.");
      const { repoUrl = null, gitCommitMessage = null, gitAuthorName = null, gitAuthorEmail = null, sourcePath = null } = given;
      const { wishes, description = given.description ?? null, ...rest } = wants(given);
      const project = parseRepoUrl(repoUrl)?.project ?? null;
      const author = { name: gitAuthorName, email: gitAuthorEmail };
      return {
        ...(await outside.publish({
          ...rest,
          action: id,
          repoUrl,
          description,
          commitMessage: gitCommitMessage,
          author,
          sourcePath,
          wishes: { ...NO_WISHES, project, ...wishes },
        })),
      };
    },
  });
}

const Values = z.record(z.string(), text, "expected a group of texts").default({});

const publishGithub = publisher({
  id: "publish:github",
  input: Common.extend({
    defaultBranch: branch.default("main"),
    repoVisibility: Visibility.default("private"),
    topics: texts("topics").max(50).default([]),
    repoVariables: Values,
    secrets: z.record(SecretName, text, "expected a group of texts").default({}),
  }),
  ignored: {
    ...TOKEN,
    homepage: "the address of the run is there, by which a repeat knows what it made",
    access: "the owning team gets access",
    collaborators: "the owning team gets access",
    ...Object.fromEntries(
      [
        ...["bypassPullRequestAllowances", "requiredApprovingReviewCount", "restrictions", "requireCodeOwnerReviews", "dismissStaleReviews", "requiredStatusCheckContexts"],
        ...["requireBranchesToBeUpToDate", "requiredConversationResolution", "requireLastPushApproval", "protectDefaultBranch", "protectEnforceAdmins"],
        ...["requiredCommitSigning", "requiredLinearHistory"],
      ].map((name) => [name, RULES]),
    ),
    ...Object.fromEntries(
      [
        ...["deleteBranchOnMerge", "allowMergeCommit", "allowSquashMerge", "squashMergeCommitTitle", "squashMergeCommitMessage", "allowRebaseMerge", "allowAutoMerge"],
        ...["allowUpdateBranch", "hasProjects", "hasWiki", "hasIssues", "oidcCustomization", "customProperties", "subscribe"],
      ].map((name) => [name, FEATURES]),
    ),
  },
  wants: ({ defaultBranch, repoVisibility: visibility, topics, repoVariables, secrets }) => ({
    defaultBranch,
    visibility,
    topics,
    wishes: { secrets, variables: Object.entries(repoVariables).map(([key, value]) => ({ key, value })) },
  }),
});

/** Settings of a project that GitLab's action hands on as they are. */
const ProjectSettings = z.looseObject({
  name: text.max(255).optional(),
  description: text.optional(),
  topics: texts("topics").optional(),
  visibility: Visibility.optional(),
  auto_devops_enabled: z.boolean("expected true or false").optional(),
  ci_config_path: text.optional(),
  merge_method: z.enum(["merge", "rebase_merge", "ff"], "expected merge, rebase_merge or ff").optional(),
  squash_option: z.enum(["default_off", "default_on", "never", "always"], "expected default_off, default_on, never or always").optional(),
  only_allow_merge_if_all_discussions_are_resolved: z.boolean("expected true or false").optional(),
  only_allow_merge_if_pipeline_succeeds: z.boolean("expected true or false").optional(),
  allow_merge_on_skipped_pipeline: z.boolean("expected true or false").optional(),
});
const PASSED_ON = [
  ...(["name", "auto_devops_enabled", "ci_config_path", "merge_method", "squash_option", "only_allow_merge_if_all_discussions_are_resolved"] as const),
  ...(["only_allow_merge_if_pipeline_succeeds", "allow_merge_on_skipped_pipeline"] as const),
];

const publishGitlab = publisher({
  id: "publish:gitlab",
  input: Common.extend({
    defaultBranch: branch.default("master"),
    repoVisibility: Visibility.default("private"),
    topics: texts("topics").max(50).default([]),
    sourcePath: z
      .union([text, z.literal(true)], "expected a path; a repository without files is not made")
      .transform((path) => (path === true ? "" : path))
      .optional(),
    skipExisting: z.literal(false, "a repository that is there is never taken over; leave it out").optional(),
    settings: ProjectSettings.default({}),
    branches: z
      .array(z.looseObject({ name: branch, protect: z.boolean().default(false), create: z.boolean().default(false), ref: branch.default("master") }), "expected a list of branches")
      .default([]),
    projectVariables: z
      .array(
        z.looseObject({
          key: text.regex(/^\w{1,255}$/, "expected letters, digits and underscores"),
          value: text,
          description: text.optional(),
          variable_type: z.enum(["env_var", "file"], "expected env_var or file").default("env_var"),
          protected: z.boolean().default(false),
          masked: z.boolean().default(false),
          masked_and_hidden: z.boolean().optional(),
          raw: z.boolean().default(false),
          environment_scope: text.default("*"),
        }),
        "expected a list of variables",
      )
      .default([]),
  }),
  ignored: { ...TOKEN, signCommit: SIGNED, setUserAsOwner: "repositories belong to the group", ownerUsername: "repositories belong to the group" },
  example: { projectId: 1, created: true },
  wants: ({ defaultBranch, repoVisibility, topics, settings, branches, projectVariables, description }) => ({
    defaultBranch,
    visibility: settings.visibility ?? repoVisibility,
    topics: settings.topics ?? topics,
    description: settings.description ?? description ?? null,
    wishes: {
      settings: Object.fromEntries(PASSED_ON.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]]))),
      branches: branches.map(({ name, protect, create, ref }) => ({ name, ref: create ? ref : null, isProtected: protect })),
      variables: projectVariables,
    },
  }),
});

const publishGitea = publisher({
  id: "publish:gitea",
  input: Common.extend({ defaultBranch: branch.default("main"), repoVisibility: TwoWays.default("public") }),
  ignored: { signCommit: SIGNED },
  wants: ({ defaultBranch, repoVisibility: visibility }) => ({ defaultBranch, visibility, topics: [] }),
});

const publishBitbucket = publisher({
  id: "publish:bitbucketCloud",
  input: Common.extend({ defaultBranch: branch.default("master"), repoVisibility: TwoWays.default("private") }),
  ignored: { ...TOKEN, signCommit: SIGNED },
  wants: ({ defaultBranch, repoVisibility: visibility }) => ({ defaultBranch, visibility, topics: [] }),
});

const publishAzure = publisher({
  id: "publish:azure",
  input: Common.extend({ defaultBranch: branch.default("master") }),
  ignored: { ...TOKEN, signCommit: SIGNED, description: "repositories of Azure DevOps have none; the catalog keeps it" },
  example: { repositoryId: "00000000-0000-0000-0000-000000000000" },
  wants: ({ defaultBranch }) => ({ defaultBranch, visibility: "private", topics: [] }),
});

export const PUBLISHERS = [publishGithub, publishGitlab, publishGitea, publishBitbucket, publishAzure];
