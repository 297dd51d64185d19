import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { ensureDeployKey, setSecret } from "@/lib/github/repository-secrets";
import { ensureAutolink, ensureDeploymentPolicies, ensureEnvironment, ensurePages, ensureWebhook, protectBranch, reviewerNamed } from "@/lib/github/repository-settings";
import { githubAction, OnRepository } from "./on-github";

const text = z.string("expected text");
const flag = (value: boolean) => z.boolean("expected true or false").default(value);

export const githubWebhook = githubAction({
  id: "github:webhook",
  input: OnRepository.extend({
    webhookUrl: z.url("expected an address such as https://example.com/hook"),
    webhookSecret: text.optional(),
    events: z.array(text, "expected a list of events").default(["push"]),
    active: flag(true),
    contentType: z.enum(["form", "json"], "expected form or json").default("form"),
    insecureSsl: flag(false),
  }),
  calls: ({ webhookUrl, events }, { owner, repo }) => [{ call: `POST /repos/${owner}/${repo}/hooks`, detail: `${new URL(webhookUrl).host} is told about ${events.join(", ")}.` }],
  run: async ({ input }, client, at) => {
    const { webhookUrl: url, webhookSecret: secret, events, active: isActive, contentType, insecureSsl } = input;
    await ensureWebhook(client, at, { url, secret, events, isActive, contentType, insecureSsl });
    return undefined;
  },
});

export const githubAutolink = githubAction({
  id: "github:autolinks:create",
  input: OnRepository.extend({
    keyPrefix: text.min(1, "expected a prefix such as TICKET-"),
    urlTemplate: text.min(1, "expected an address with <num>"),
    isAlphanumeric: flag(true),
  }),
  calls: ({ keyPrefix }, { owner, repo }) => [{ call: `POST /repos/${owner}/${repo}/autolinks`, detail: `${keyPrefix}… becomes a link.` }],
  run: async ({ input }, client, at) => {
    await ensureAutolink(client, at, { prefix: input.keyPrefix, template: input.urlTemplate, isAlphanumeric: input.isAlphanumeric });
    return undefined;
  },
});

const Allowed = z
  .looseObject({ users: z.array(text).default([]), teams: z.array(text).default([]), apps: z.array(text).default([]) }, "expected users, teams and apps")
  .transform(({ users, teams, apps }) => ({ users, teams, apps }));

/** As GitHub takes the names of secrets. */
export const SecretName = text.regex(/^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,254}$/i, "expected letters, digits and underscores, not beginning with a digit or GITHUB_");

export const githubEnvironment = githubAction({
  id: "github:environment:create",
  input: OnRepository.extend({
    name: text.min(1, "expected a name").max(255),
    deploymentBranchPolicy: z.looseObject({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() }).optional(),
    environmentVariables: z.record(z.string(), text, "expected a group of texts").default({}),
    secrets: z.record(SecretName, text, "expected a group of texts").default({}),
    preventSelfReview: z.boolean("expected true or false").optional(),
    reviewers: z.array(text, "expected a list such as [user:octo, group:sre]").max(6, "at most 6").optional(),
    waitTimer: z.number("expected a number of minutes").int().min(0).max(43_200).optional(),
    customBranchPolicyNames: z.array(text, "expected a list of branches").default([]),
    customTagPolicyNames: z.array(text, "expected a list of tags").default([]),
  }),
  calls: ({ name, environmentVariables, secrets }, { owner, repo }) => [
    {
      call: `PUT /repos/${owner}/${repo}/environments/${name}`,
      detail: `Environment with ${Object.keys(environmentVariables).length} variables and ${Object.keys(secrets).length} secrets.`,
    },
  ],
  run: async ({ input, attempt }, client, at) => {
    for (const secret of Object.values(input.secrets)) attempt?.hide(secret);
    const { name, deploymentBranchPolicy, environmentVariables: variables, waitTimer, customBranchPolicyNames, customTagPolicyNames } = input;
    const reviewers = input.reviewers ? await Promise.all(input.reviewers.map(async (one) => ({ one, found: await reviewerNamed(client, at.owner, one) }))) : null;
    const missing = reviewers?.find(({ found }) => found === null);
    if (missing) throw new DomainError("invalid", `GitHub has nobody called ${missing.one}. Write a person as user:name and a team of ${at.owner} as group:name.`);
    await ensureEnvironment(client, at, {
      name,
      branches: deploymentBranchPolicy ?? null,
      variables,
      ...(waitTimer === undefined ? {} : { waitMinutes: waitTimer }),
      ...(input.preventSelfReview === undefined ? {} : { preventsSelfReview: input.preventSelfReview }),
      ...(reviewers ? { reviewers: reviewers.flatMap(({ found }) => found ?? []) } : {}),
    });
    const policies = [
      ...customBranchPolicyNames.map((one) => ({ name: one, type: "branch" as const })),
      ...customTagPolicyNames.map((one) => ({ name: one, type: "tag" as const })),
    ];
    if (policies.length > 0) await ensureDeploymentPolicies(client, at, name, policies);
    for (const [secret, value] of Object.entries(input.secrets)) await setSecret(client, at, { name: secret, value, environment: name });
    return undefined;
  },
});

const KEY = /^(ssh-rsa|ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/=]+(\s.*)?$/;

/** A key that lets a machine push and fetch; its private half becomes a secret of the repository's workflows. */
export const githubDeployKey = githubAction({
  id: "github:deployKey:create",
  input: OnRepository.extend({
    publicKey: text.trim().regex(KEY, "expected a public key as ssh-keygen writes it, such as ssh-ed25519 AAAA…"),
    privateKey: text.min(1, "expected the private key"),
    deployKeyName: text.min(1, "expected a name").max(100, "at most 100 characters"),
    privateKeySecretName: SecretName.optional(),
  }),
  calls: (input, { owner, repo }) => [
    { call: `POST /repos/${owner}/${repo}/keys`, detail: `Deploy key ${input.deployKeyName}, which may read and write.` },
    { call: `PUT /repos/${owner}/${repo}/actions/secrets/${secretNameOf(input)}`, detail: "The private key, sealed for GitHub." },
  ],
  example: (input) => ({ privateKeySecretName: secretNameOf(input) }),
  run: async ({ input, attempt }, client, at) => {
    attempt?.hide(input.privateKey);
    const privateKeySecretName = secretNameOf(input);
    await ensureDeployKey(client, at, { title: input.deployKeyName, key: input.publicKey });
    await setSecret(client, at, { name: privateKeySecretName, value: input.privateKey });
    return { privateKeySecretName };
  },
});

function secretNameOf({ deployKeyName, privateKeySecretName }: { deployKeyName: string; privateKeySecretName?: string | undefined }): string {
  return privateKeySecretName ?? `${deployKeyName.split(" ").join("_").toUpperCase()}_PRIVATE_KEY`;
}

export const githubPages = githubAction({
  id: "github:pages:enable",
  input: OnRepository.extend({
    buildType: z.enum(["legacy", "workflow"], "expected legacy or workflow").default("workflow"),
    sourceBranch: text.default("main"),
    sourcePath: z.enum(["/", "/docs"], "expected / or /docs").default("/"),
  }),
  calls: ({ sourceBranch }, { owner, repo }) => [{ call: `POST /repos/${owner}/${repo}/pages`, detail: `Pages from ${sourceBranch}.` }],
  run: async ({ input }, client, at) => {
    await ensurePages(client, at, { buildType: input.buildType, branch: input.sourceBranch, path: input.sourcePath });
    return undefined;
  },
});

export const githubProtection = githubAction({
  id: "github:branch-protection:create",
  ignored: { blockCreations: "set it at GitHub" },
  input: OnRepository.extend({
    branch: text.default("main"),
    enforceAdmins: flag(true),
    requiredApprovingReviewCount: z.number("expected a number").int().min(0).max(6).default(1),
    requireCodeOwnerReviews: flag(false),
    dismissStaleReviews: flag(false),
    requireLastPushApproval: flag(false),
    requiredStatusCheckContexts: z.array(text, "expected a list of checks").default([]),
    requireBranchesToBeUpToDate: flag(true),
    requiredConversationResolution: flag(false),
    requiredLinearHistory: flag(false),
    restrictions: Allowed.optional(),
    bypassPullRequestAllowances: Allowed.optional(),
    requiredCommitSigning: flag(false),
  }),
  calls: ({ branch, requiredApprovingReviewCount: count }, { owner, repo }) => [
    { call: `PUT /repos/${owner}/${repo}/branches/${branch}/protection`, detail: `${count} approving reviews before a merge.` },
  ],
  run: async ({ input }, client, at) => {
    await protectBranch(client, at, {
      branch: input.branch,
      enforceAdmins: input.enforceAdmins,
      approvals: input.requiredApprovingReviewCount,
      codeOwners: input.requireCodeOwnerReviews,
      dismissStale: input.dismissStaleReviews,
      lastPushApproval: input.requireLastPushApproval,
      checks: input.requiredStatusCheckContexts,
      upToDate: input.requireBranchesToBeUpToDate,
      conversations: input.requiredConversationResolution,
      linear: input.requiredLinearHistory,
      restrictions: input.restrictions ?? null,
      bypass: input.bypassPullRequestAllowances ?? null,
      signed: input.requiredCommitSigning,
    });
    return undefined;
  },
});
