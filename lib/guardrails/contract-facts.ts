// What a guardrail may ask about: for each ability it watches, groups of typed facts. A text is empty where there is nothing to say, and
// a fact that is not there cannot be told, which a guardrail that refuses takes as a no.

export type FactType = "bool" | "int" | "double" | "string" | "map<string, dyn>";

export interface Fact {
  type: FactType;
  text: string;
}

export const ABILITIES = ["environment.create", "environment.extend", "environment.deploy", "service.create", "golden-path.run", "action.run"] as const;
export type Ability = (typeof ABILITIES)[number];

export const ABILITY_WORDS: Record<Ability, { title: string; text: string }> = {
  "environment.create": { title: "Create an environment", text: "Sandboxes, and the development, staging and production of services." },
  "environment.extend": { title: "Extend a sandbox", text: "A new time to live, from now on." },
  "environment.deploy": { title: "Deploy to an environment", text: "A commit, a promotion, a roll-back, or a push to the default branch." },
  "service.create": { title: "Create a service", text: "From a golden path, with its repository." },
  "golden-path.run": { title: "Run a golden path", text: "One that makes no service: it opens a pull request, files an issue, packs files." },
  "action.run": { title: "Run an action", text: "Self-service actions, on an entity or an environment." },
};

const TIER = { type: "string", text: "sandbox, development, staging or production." } as const;
const ENTITY = { type: "string", text: "The service, such as component:default/checkout-api. Empty for a sandbox that belongs to none." } as const;
const DRIVER = { type: "string", text: "Driver, such as local." } as const;
const PATH = { type: "string", text: "Golden path that it is made from. Empty where there is none." } as const;
const VALUES = { type: "map<string, dyn>", text: "Answers to the form, by name, without secrets." } as const;
const REF = { type: "string", text: "Branch, tag or commit that was asked for. Empty without a repository." } as const;
const DEFAULT_BRANCH = { type: "bool", text: "That is the default branch of its repository." } as const;

export const REQUEST_FACTS = {
  "environment.create": {
    tier: TIER,
    ttlHours: { type: "double", text: "Hours until it ends. Not known for a permanent one, which does not end." },
    goldenPath: PATH,
    goldenPathVersion: { type: "string", text: "Version of the golden path." },
    driver: DRIVER,
    memoryMiB: { type: "int", text: "Memory that it may use." },
    name: { type: "string", text: "Name of the environment." },
    entityRef: ENTITY,
    ref: REF,
    isDefaultBranch: DEFAULT_BRANCH,
    values: VALUES,
  },
  "environment.extend": {
    tier: TIER,
    ttlHours: { type: "double", text: "Hours from now until it would end." },
    ageHours: { type: "double", text: "Hours since it was created." },
    goldenPath: PATH,
    driver: DRIVER,
    memoryMiB: { type: "int", text: "Memory that it may use." },
    name: { type: "string", text: "Name of the environment." },
    entityRef: ENTITY,
  },
  "environment.deploy": {
    tier: TIER,
    kind: { type: "string", text: "deploy, promotion, rollback, or push for the deployment that follows a push." },
    ref: REF,
    isDefaultBranch: DEFAULT_BRANCH,
    commit: { type: "string", text: "The whole commit id." },
    fromTier: { type: "string", text: "Tier that is promoted from. Empty unless it is a promotion." },
    goldenPath: PATH,
    driver: DRIVER,
    name: { type: "string", text: "Name of the environment." },
    entityRef: ENTITY,
  },
  "service.create": {
    goldenPath: PATH,
    goldenPathVersion: { type: "string", text: "Version of the golden path." },
    name: { type: "string", text: "Name of the service." },
    provider: { type: "string", text: "Where the repository goes: waymark, github, gitlab, …" },
    values: VALUES,
  },
  "golden-path.run": {
    goldenPath: { type: "string", text: "Name of the golden path." },
    goldenPathVersion: { type: "string", text: "Version of the golden path." },
    values: VALUES,
  },
  "action.run": {
    action: { type: "string", text: "Name of the action." },
    backEnd: { type: "string", text: "function, webhook or github-workflow." },
    entityRef: { type: "string", text: "What it is run on. Empty where it is nothing of the catalog." },
    environment: { type: "string", text: "Name of the environment that it is about. Empty without one." },
    tier: { type: "string", text: "Tier of that environment. Empty without one." },
    values: VALUES,
  },
} as const satisfies Record<Ability, Record<string, Fact>>;

type ValueOf<T extends FactType> = T extends "bool" ? boolean : T extends "string" ? string : T extends "map<string, dyn>" ? Record<string, unknown> : number;
/** The facts of a request; undefined = cannot be told. */
export type RequestFacts<A extends Ability> = {
  [Name in keyof (typeof REQUEST_FACTS)[A]]: (typeof REQUEST_FACTS)[A][Name] extends { type: infer T extends FactType } ? ValueOf<T> | undefined : never;
};

export const COMMON_FACTS = {
  team: {
    name: { type: "string", text: "Short name of the team that it belongs to." },
    sandboxes: { type: "int", text: "Living sandboxes of the team, not counting this one." },
    environments: { type: "int", text: "Its permanent environments, not counting this one." },
    memoryMiB: { type: "int", text: "Memory that its environments may use together, not counting this one." },
  },
  actor: {
    role: { type: "string", text: "engineer, manager, platform-admin; platform for what nobody asked for." },
    isOwner: { type: "bool", text: "An owner of the team." },
    isMember: { type: "bool", text: "Belongs to the team." },
    isPlatformAdmin: { type: "bool", text: "A platform admin." },
  },
  now: {
    hour: { type: "int", text: "Hour of the day, 0 to 23, in the organisation's time zone." },
    minute: { type: "int", text: "Minute of the hour." },
    weekday: { type: "string", text: "monday, tuesday, wednesday, thursday, friday, saturday or sunday." },
    date: { type: "string", text: "The day, such as 2026-12-24." },
  },
} as const satisfies Record<string, Record<string, Fact>>;

export const CHANNEL_FACT: Fact = { type: "string", text: "Door that the request came through: web, api, cli, mcp, or platform. What a program says of itself, no proof." };

export type TeamFacts = { name: string; sandboxes: number; environments: number; memoryMiB: number };
export type ActorFacts = { role: string; isOwner: boolean; isMember: boolean; isPlatformAdmin: boolean };

/** What the conditions of an ability are evaluated over. */
export interface Document {
  request: Record<string, unknown>;
  /** Empty for what belongs to no team. */
  team: Partial<TeamFacts>;
  actor: ActorFacts;
  channel: string;
  /** Not there for what runs now: nobody asks for it. */
  now?: { hour: number; minute: number; weekday: string; date: string };
}

export interface FactGroup {
  name: string;
  title: string;
  facts: [path: string, fact: Fact][];
}

const groupOf = (name: string, title: string, facts: Record<string, Fact>): FactGroup => ({
  name,
  title,
  facts: Object.entries(facts).map(([field, fact]) => [`${name}.${field}`, fact]),
});

/** Everything that a condition about these abilities may name: facts that all of them have. */
export function factGroups(abilities: Ability[]): FactGroup[] {
  const [first = "environment.create", ...others] = abilities;
  const shared = Object.fromEntries(Object.entries<Fact>(REQUEST_FACTS[first]).filter(([field]) => others.every((ability) => Object.hasOwn(REQUEST_FACTS[ability], field))));
  return [
    groupOf("request", "The request", shared),
    groupOf("team", "The team", COMMON_FACTS.team),
    groupOf("actor", "Who asks", COMMON_FACTS.actor),
    { ...groupOf("now", "When", COMMON_FACTS.now), facts: [...groupOf("now", "When", COMMON_FACTS.now).facts, ["channel", CHANNEL_FACT]] },
  ];
}

/** The declared fact at a dotted path of an ability's document; answers below `request.values` are of any type. */
export function factAt(ability: Ability, path: string): Fact | null {
  if (path === "channel") return CHANNEL_FACT;
  const [group = "", field = "", ...rest] = path.split(".");
  const fields: Record<string, Fact> = group === "request" ? REQUEST_FACTS[ability] : ((COMMON_FACTS as Record<string, Record<string, Fact>>)[group] ?? {});
  const fact = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (!fact || (rest.length > 0 && fact.type !== "map<string, dyn>")) return null;
  return fact;
}

/** Inputs of each ability that a message can stand beside; `values.<name>` stands for an answer. */
export const FIELDS: Record<Ability, string[]> = {
  "environment.create": ["goldenPath", "name", "ttl", "team", "driver", "tier", "ref", "values"],
  "environment.extend": ["ttl"],
  "environment.deploy": ["ref", "promoteFrom"],
  "service.create": ["goldenPath", "team", "provider", "values"],
  "golden-path.run": ["name", "team", "values"],
  "action.run": ["entityRef", "team", "values"],
};
