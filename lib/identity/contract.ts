import { z } from "zod";
import { ROLES, SCOPES } from "@/lib/core/actor";

/** Why a sign-in did not end well; the sign-in page says it in words. */
export const SIGN_IN_PROBLEMS = ["busy", "denied", "disabled", "failed", "provider"] as const;
export type SignInProblem = (typeof SIGN_IN_PROBLEMS)[number];

export const MEMBERSHIPS = ["member", "owner"] as const;
export const MEMBERSHIP_WORDS = { member: "Member", owner: "Owner" } as const;
export const ROLE_WORDS = { engineer: "Engineer", manager: "Manager", "platform-admin": "Platform admin" } as const;
export const MAX_TOKEN_DAYS = 366;
/** A token of a provisioning connection ends after a year; the page warns before. */
export const SCIM_TOKEN_DAYS = 366;
export const SCIM_TOKEN_WARNING_DAYS = 30;
export const FRESH_SIGN_IN_MINUTES = 10;
/** Path of the field error by which a form knows to offer a new sign-in. */
export const FRESH_SIGN_IN_FIELD = "session";

const TeamName = z.string().regex(/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/, "Use 2 to 40 lower-case letters, digits and hyphens, beginning with a letter.");

export const CreateTokenInput = z.strictObject({
  name: z.string().trim().min(1, "Give it a name that says where it is used, for example laptop.").max(60),
  scopes: z.array(z.enum(SCOPES)).min(1, "Choose at least one scope."),
  /** `<n>m|h|d`, at most 366 days. */
  ttl: z.string().max(16).default("90d"),
  /** `mcp`: for an agent; good at the MCP door and nowhere else. */
  kind: z.enum(["pat", "mcp"]).default("pat"),
});

export interface ApiToken {
  id: string;
  name: string;
  kind: string;
  prefix: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string;
  lastUsedOn: string | null;
  /** The agent or editor that last used it over MCP, by its own word; null where none has. */
  lastClient: { name: string; version: string; at: string } | null;
}

export interface SessionView {
  id: string;
  current: boolean;
  userAgent: string | null;
  ipPrefix: string | null;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
}

/** Yourself when left out; anybody by id for an admin. */
export const OfPerson = z.strictObject({ user: z.string().max(64).optional() });

export const PersonListInput = z.strictObject({
  q: z.string().max(100).optional(),
  role: z.enum(ROLES).optional(),
  /** `no`: only people whom no provisioning connection manages. */
  managed: z.enum(["yes", "no"]).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});

export interface Person {
  id: string;
  issuer: string;
  /** What the identity provider calls them; with the issuer the identity. */
  subject: string;
  handle: string;
  name: string;
  email: string | null;
  role: (typeof ROLES)[number];
  roleSource: "idp" | "manual";
  teams: Account["teams"];
  lastSignInAt: string | null;
  disabledAt: string | null;
  disabledBy: "manual" | "provisioning" | null;
  /** Pushed by a connection, and nobody has signed in to it yet. */
  isPending: boolean;
  managedBy: ManagedBy | null;
  isDemo: boolean;
}

/** The provisioning connection that decides on a person's account, and whether it says that they may sign in. */
export interface ManagedBy {
  id: string;
  name: string;
  isActive: boolean;
}

/** One's own account, with where each part of it comes from. */
export interface Account {
  handle: string;
  name: string;
  email: string | null;
  issuer: string;
  subject: string;
  role: (typeof ROLES)[number];
  roleSource: "idp" | "manual";
  lastSignInAt: string | null;
  /** The provisioning connection that name, address and access come from. */
  managedBy: ManagedBy | null;
  teams: { name: string; title: string; membership: (typeof MEMBERSHIPS)[number]; source: "idp" | "manual" }[];
}

export const SetRoleInput = z.strictObject({ id: z.string().max(64), role: z.enum(ROLES) });
export const DisableInput = z.strictObject({ id: z.string().max(64), disabled: z.boolean() });

/** One change at a time, so that it is done whole or not at all. */
export const ChangePersonInput = z
  .strictObject({ role: z.enum(ROLES).optional(), disabled: z.boolean().optional() })
  .refine(({ role, disabled }) => (role === undefined) !== (disabled === undefined), "Send either role or disabled.");

export interface Team {
  id: string;
  ref: string;
  name: string;
  title: string;
  parent: string | null;
  members: number;
  isDemo: boolean;
}

export interface TeamMember {
  userId: string;
  handle: string;
  name: string;
  membership: "member" | "owner";
  source: "idp" | "manual";
  /** The provisioning connection whose group put them here; they are taken out there. */
  pushedBy: string | null;
}

export const CreateTeamInput = z.strictObject({ name: TeamName, title: z.string().trim().min(1, "Give the team a title.").max(60), parent: z.string().max(64).optional() });
/** What is left out stays; `parent: null` takes the team out of its division. */
export const EditTeamInput = z.strictObject({
  team: z.string().max(128),
  title: z.string().trim().min(1, "Give the team a title.").max(60).optional(),
  parent: z.string().max(128).nullable().optional(),
});
export const ProfileInput = z.strictObject({ handle: z.string().max(128) });

/** What everybody may see of a person. */
export interface Profile {
  handle: string;
  name: string;
  email: string | null;
  isDemo: boolean;
  teams: { name: string; title: string; ref: string; membership: (typeof MEMBERSHIPS)[number] }[];
}

export const TeamRef = z.strictObject({ team: z.string().max(128) });
export const SetMemberInput = z.strictObject({
  team: z.string().max(128),
  user: z.string({ error: "Name a person." }).min(1, "Name a person by short name or e-mail address.").max(200),
  membership: z.enum(MEMBERSHIPS).default("member"),
});
export const RemoveMemberInput = z.strictObject({ team: z.string().max(128), user: z.string().max(200) });

export const RuleInput = z.strictObject({
  match: z.enum(["exact", "prefix"]),
  value: z.string().trim().min(1, "Say which group claim the rule is about.").max(200),
  role: z.enum(ROLES).nullable().default(null),
  team: z.string().max(128).nullable().default(null),
  membership: z.enum(MEMBERSHIPS).nullable().default(null),
});
/** The whole ordered list; it replaces what is there. */
export const ReplaceRulesInput = z.strictObject({ rules: z.array(RuleInput).max(500) });
export type RoleRule = z.output<typeof RuleInput>;

export const RECOGNISE = ["sub", "oid", "email"] as const;
export const GROUP_KEYS = ["displayName", "externalId"] as const;

export const CreateConnectionInput = z.strictObject({
  name: z.string().trim().min(1, "Give it the name of the identity provider, for example Okta.").max(60),
  /** By what a pushed person is known at their first sign-in: externalId = `sub`, externalId = `oid`, or userName = a verified e-mail address. */
  recognise: z.enum(RECOGNISE).default("sub"),
  /** Which attribute of a pushed group the role rules are tried on. */
  groupKey: z.enum(GROUP_KEYS).default("displayName"),
});

export interface ProvisioningConnection {
  id: string;
  name: string;
  recognise: (typeof RECOGNISE)[number];
  groupKey: (typeof GROUP_KEYS)[number];
  createdAt: string;
  createdBy: string | null;
  people: { total: number; active: number; pending: number };
  groups: number;
  /** Those that work now, the newest first. */
  tokens: { prefix: string; expiresAt: string }[];
  /** How many requests have come so far. */
  requests: number;
  last: { at: string; request: string; status: number; agent: string | null } | null;
}

export interface ProvisioningOverview {
  items: ProvisioningConnection[];
  nextCursor: null;
  total: number;
  /** Active people whom no connection manages. */
  unmanaged: number;
  baseUrl: string;
}

export interface ProvisioningConnectionDetail extends ProvisioningConnection {
  baseUrl: string;
  /** Names of pushed groups that no role rule speaks of. */
  unusedGroups: string[];
  problems: { id: string; at: string; request: string; status: number; scimType: string | null; detail: string }[];
}

/** What the given group claims would mean: under the stored rules, or under others before they are saved. */
export const PreviewRulesInput = z.strictObject({ groups: z.array(z.string().trim().min(1).max(500)).max(2_000), rules: z.array(RuleInput).max(500).optional() });

export interface RulesPreview {
  role: { value: (typeof ROLES)[number]; from: string | null };
  teams: { team: string; membership: (typeof MEMBERSHIPS)[number]; from: string }[];
  /** Claims that no rule uses. */
  unused: string[];
}

/** What a person without a team needs to know to get into one. */
export interface NoTeam {
  groupsClaim: string;
  /** As of the last sign-in: null = the claim was missing. */
  groups: string[] | null;
  groupCount: number | null;
  /** The provisioning connection whose groups count in place of the claim. */
  pushedBy: string | null;
  admins: { name: string; email: string | null }[];
}

export const DeviceCodeInput = z.object({
  client: z.string().trim().min(1).max(100).default("waymark"),
  scopes: z
    .array(z.enum(SCOPES).exclude(["scim"]))
    .min(1)
    .optional(),
});

const UserCode = z
  .string({ error: "Type the code that the command line shows." })
  .regex(/^[^A-Za-z]*([A-Za-z][^A-Za-z]*){8}$/, "The code has 8 letters, for example BCDF-GHJK.")
  .max(20);
export const UserCodeInput = z.strictObject({ userCode: UserCode });
export const DecideDeviceInput = UserCodeInput.extend({ approve: z.boolean() });

/** What a command line that waits for approval has said of itself. */
export interface DeviceRequest {
  userCode: string;
  client: string;
  ipPrefix: string | null;
  scopes: string[];
  createdAt: string;
}
