// What conditions may ask about: groups of typed fields. What is not known is not there, and a check that hangs on it is unknown.

type FieldType = "bool" | "int" | "double" | "string" | "list<string>";

export interface FactGroup {
  title: string;
  /** Where its values come from, for people. */
  source: string;
  fields: Record<string, { type: FieldType; text: string }>;
  /** What holds for most entities, and is therefore not stored of each. */
  usual: Record<string, unknown>;
}

export const FACT_GROUPS = {
  owner: {
    title: "Owner",
    source: "catalog and teams",
    usual: { set: true, known: true, onCall: false },
    fields: {
      set: { type: "bool", text: "The document names an owner." },
      known: { type: "bool", text: "The owner is a team of Waymark, or a group or person in the catalog." },
      members: { type: "int", text: "People in the owning team. Unknown where the owner is no team of Waymark." },
      onCall: { type: "bool", text: "An on-call link leads from the entity or from its owner." },
    },
  },
  docs: {
    title: "Documents",
    source: "documents as last read",
    usual: { present: false, pages: 0 },
    fields: {
      present: { type: "bool", text: "There is at least one document." },
      pages: { type: "int", text: "Number of documents." },
      ageDays: { type: "int", text: "Days since they were last brought by a push or an import. Unknown without documents." },
    },
  },
  findings: {
    title: "Findings",
    source: "catalog import",
    usual: { open: 0, rules: [] },
    fields: {
      open: { type: "int", text: "What is to be put right in the entity's document." },
      rules: { type: "list<string>", text: "The rules that found it, such as dangling-reference." },
    },
  },
  goldenPath: {
    title: "Golden path",
    source: "golden paths",
    usual: { used: false, ejected: [] },
    fields: {
      used: { type: "bool", text: "It was made from a golden path and has not left it." },
      name: { type: "string", text: "Name of the path." },
      version: { type: "string", text: "Version that it has." },
      behind: { type: "bool", text: "A newer version is out." },
      ejected: { type: "list<string>", text: "Concerns that its team took over on purpose; * = all of the path." },
    },
  },
  deployments: {
    title: "Deployments",
    source: "delivery events",
    usual: { reported: false },
    fields: {
      reported: { type: "bool", text: "Deployments of it have been reported at all." },
      production28d: { type: "int", text: "Successful deployments to production in 28 days. Unknown where none was ever reported." },
      failed28d: { type: "int", text: "Deployments to production in 28 days that failed." },
      daysSinceProduction: { type: "int", text: "Days since the last successful one. Unknown where there was none." },
    },
  },
  environments: {
    title: "Environments",
    source: "environments of Waymark",
    usual: { development: false, staging: false, production: false, unhealthy: 0 },
    fields: {
      development: { type: "bool", text: "Waymark runs a development environment of it." },
      staging: { type: "bool", text: "Waymark runs a staging environment of it." },
      production: { type: "bool", text: "Waymark runs its production." },
      unhealthy: { type: "int", text: "Environments whose health was last seen as bad." },
    },
  },
  metrics: {
    title: "Delivery figures",
    source: "delivery figures of 90 days",
    usual: { leadTimeKnown: false, changeFailRateKnown: false },
    fields: {
      leadTimeKnown: { type: "bool", text: "There are enough changes, by at least three people, for a lead time." },
      leadTimeHours: { type: "double", text: "Median lead time in hours. Unknown where leadTimeKnown is false." },
      changeFailRateKnown: { type: "bool", text: "There are at least five deployments to production." },
      changeFailRate: { type: "double", text: "Share of deployments that led to an incident or roll-back, 0 to 1." },
    },
  },
  incidents: {
    title: "Incidents",
    source: "incidents",
    usual: { open: 0, opened90d: 0 },
    fields: {
      open: { type: "int", text: "Incidents that are not resolved." },
      opened90d: { type: "int", text: "Incidents that were opened in 90 days." },
    },
  },
  telemetry: {
    title: "Telemetry",
    source: "telemetry that was received",
    usual: { traces: false, metrics: false, logs: false },
    fields: {
      traces: { type: "bool", text: "Traces arrived in the last 7 days, from any of its environments." },
      metrics: { type: "bool", text: "Metrics arrived in the last 7 days." },
      logs: { type: "bool", text: "Log records arrived in the last 7 days." },
    },
  },
  repository: {
    title: "Repository",
    source: "head of the default branch",
    usual: { known: false },
    fields: {
      known: { type: "bool", text: "Waymark holds its repository, or a copy." },
      codeowners: { type: "bool", text: "It has a CODEOWNERS file." },
      ci: { type: "bool", text: "It has a pipeline: GitHub Actions, GitLab CI, Jenkins, Azure, CircleCI or Bitbucket." },
      readme: { type: "bool", text: "It has a README." },
      license: { type: "bool", text: "It has a licence file." },
      tests: { type: "bool", text: "It has files of tests." },
      dependencyUpdates: { type: "bool", text: "Renovate or Dependabot is set up." },
    },
  },
} as const satisfies Record<string, FactGroup>;

export type FactGroupName = keyof typeof FACT_GROUPS;

/** Group → field → value of one entity. */
export type Facts = Record<string, Record<string, unknown>>;

/** Declared types of everything that a condition may name; `entity` is the catalog document of any shape. */
export const VARIABLES = {
  entity: null,
  ...Object.fromEntries(
    Object.entries(FACT_GROUPS as Record<string, FactGroup>).map(([name, { fields }]) => [
      name,
      Object.fromEntries(Object.entries(fields).map(([field, { type }]) => [field, type])),
    ]),
  ),
};

/** Where a fact comes from, in words. */
export function sourceOf(path: string): string {
  const group = path.split(/[.[]/)[0] ?? "";
  return (FACT_GROUPS as Record<string, FactGroup>)[group]?.source ?? "catalog document";
}

export interface StarterCheck {
  id: string;
  title: string;
  condition: string;
  why: string;
  fix: string;
  effort: "small" | "medium" | "large";
}

/** Checks to begin with: their facts are there in every installation. */
export const STARTER_CHECKS: StarterCheck[] = [
  {
    id: "owner",
    title: "Has an owner that exists",
    condition: "owner.set && owner.known",
    why: "Whoever finds a problem has to know whom to ask.",
    fix: "Set `spec.owner` in catalog-info.yaml to a team, for example `group:default/checkout`.",
    effort: "small",
  },
  {
    id: "description",
    title: "Says what it is for",
    condition: "has(entity.metadata.description) && entity.metadata.description.size() >= 20",
    why: "A sentence saves everybody else from reading the code.",
    fix: "Write one sentence into `metadata.description`.",
    effort: "small",
  },
  {
    id: "docs",
    title: "Has documentation",
    condition: "docs.present",
    why: "What is written down need not be asked for.",
    fix: "Add a README.md or a docs folder beside catalog-info.yaml; the next push brings it here.",
    effort: "medium",
  },
  {
    id: "findings",
    title: "Its catalog document has no findings",
    condition: "findings.open == 0",
    why: "A reference that leads nowhere hides what depends on what.",
    fix: "Open the entity's overview: each finding says how to put it right.",
    effort: "small",
  },
  {
    id: "on-call",
    title: "Somebody is on call",
    condition: "owner.onCall",
    why: "When it burns at night, the next person must not have to search.",
    fix: "Add the annotation `waymark.dev/on-call` with the address of the schedule to the entity or to its team.",
    effort: "small",
  },
  {
    id: "telemetry",
    title: "Sends traces",
    condition: "telemetry.traces",
    why: "Without them nobody can say what a slow or failed request did.",
    fix: "Environments that Waymark runs send by themselves. From elsewhere: the Telemetry tab has the variables for any OpenTelemetry SDK or Collector.",
    effort: "small",
  },
  {
    id: "deployed",
    title: "Was deployed in the last 28 days",
    condition: "deployments.production28d > 0",
    why: "What is deployed often can be deployed at need.",
    fix: "Merge and deploy small changes. If it is finished, set `spec.lifecycle` to deprecated.",
    effort: "medium",
  },
];
