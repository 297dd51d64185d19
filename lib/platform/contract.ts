import { z } from "zod";
import { CONNECTION_KINDS, type ConnectionKind, type HostKind } from "@/lib/hosts/contract";

/** A whole number between two that its fault names. */
const whole = (least: number, most: number) => {
  const error = `Write a whole number from ${least.toLocaleString("en")} to ${most.toLocaleString("en")}.`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
};
const minutes = whole(1, 525_600);

/** Every setting. Defaults stand apart: in the shape, an edit of one would put all others back to them. */
export const Settings = z.strictObject({
  organisation: z.string().trim().min(1, "Name the organisation.").max(40, "At most 40 characters."),
  "environments.defaultTtlMinutes": minutes,
  "environments.maxTtlMinutes": minutes,
  "environments.teamQuotaCount": whole(0, 10_000),
  "environments.teamQuotaMemoryMib": whole(0, 10_000_000),
  "environments.keepBuildsDays": whole(1, 3_650),
  "catalog.confirmAfterDays": whole(1, 3_650),
  "agents.enabled": z.boolean({ error: "Choose on or off." }),
  "surveys.day": whole(0, 28),
  "surveys.k": z
    .number({ error: "Write a whole number." })
    .int({ error: "Write a whole number." })
    .min(5, "At least 5: in a smaller group people could be recognised.")
    .max(100, "At most 100."),
});
export type Settings = z.infer<typeof Settings>;
export type SettingKey = keyof Settings;

/** What holds until an admin changes it; the settings table has only what was changed. */
export const DEFAULT_SETTINGS: Settings = {
  organisation: "Waymark",
  "environments.defaultTtlMinutes": 48 * 60,
  "environments.maxTtlMinutes": 7 * 24 * 60,
  "environments.teamQuotaCount": 10,
  "environments.teamQuotaMemoryMib": 16_384,
  "environments.keepBuildsDays": 30,
  "catalog.confirmAfterDays": 180,
  "agents.enabled": true,
  "surveys.day": 20,
  "surveys.k": 5,
};

export const EditSettings = Settings.partial();

/** How a setting is shown to an admin. */
export const SETTING_LABELS: Record<SettingKey, { label: string; help: string; unit?: string }> = {
  organisation: { label: "Organisation", help: "Shown beside the name of the portal." },
  "environments.defaultTtlMinutes": { label: "Default time to live", help: "Of an environment whose creator names none.", unit: "minutes" },
  "environments.maxTtlMinutes": { label: "Longest time to live", help: "Nobody can ask for more, also by extending.", unit: "minutes" },
  "environments.teamQuotaCount": { label: "Sandboxes per team", help: "Living ones at a time. What a service has for good counts by memory alone.", unit: "sandboxes" },
  "environments.teamQuotaMemoryMib": { label: "Memory per team", help: "Total of the memory limits of its living environments.", unit: "MiB" },
  "environments.keepBuildsDays": {
    label: "Unused builds and packages stay for",
    help: "What no environment has used for that long is removed, and made again when somebody needs it.",
    unit: "days",
  },
  "catalog.confirmAfterDays": {
    label: "Catalog entries hold for",
    help: "After that long without a change, an entity asks its owners whether what they wrote is still right.",
    unit: "days",
  },
  "agents.enabled": { label: "Agents and editors", help: "Whether AI agents and editors may connect over MCP, each with a person's token and that person's rights." },
  "surveys.day": { label: "Survey day", help: "Day of the month, 1 to 28, on which the monthly survey opens by itself. 0 switches it off." },
  "surveys.k": {
    label: "Smallest group of a survey",
    help: "Fewer answers than this are never shown. It can be raised, never lowered; an open survey keeps its own.",
    unit: "people",
  },
};

const OWNER = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;
const PEM = /^-----BEGIN (RSA )?PRIVATE KEY-----[\s\S]+-----END (RSA )?PRIVATE KEY-----\s*$/;

/** How Waymark is connected to GitHub. Secrets never leave the server. */
export const GithubIntegration = z.object({
  /** `environment`: set by GITHUB_… variables, which win over what is stored and cannot be changed here. */
  source: z.enum(["environment", "stored", "none"]),
  auth: z.enum(["app", "token"]).nullable(),
  apiUrl: z.string(),
  owner: z.string().nullable(),
  appId: z.string().nullable(),
  updatedAt: z.string().nullable(),
});
export type GithubIntegration = z.infer<typeof GithubIntegration>;

/** Secrets that are left out stay as they are, while the address and the kind of sign-in stay the same. */
export const ConnectGithub = z.strictObject({
  auth: z.enum(["app", "token"]),
  apiUrl: z.string().trim().max(300).default("https://api.github.com"),
  owner: z.string().trim().regex(OWNER, "Enter the login of an organisation, such as acme: letters, digits and single hyphens."),
  appId: z
    .string()
    .trim()
    .regex(/^\d{1,12}$/, "Enter the App id, a number from the App's settings.")
    .optional(),
  privateKey: z.string().trim().max(10_000).regex(PEM, "Enter the whole .pem file, from BEGIN to END.").optional(),
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,400}$/, "Enter the token as the host shows it: 8 to 400 letters, digits and signs, without spaces.")
    .optional(),
});

/** What GitHub answered when it was asked just now. */
export const GithubCheck = z.object({
  identity: z.string().nullable(),
  problem: z.object({ cause: z.string(), whoCanFix: z.string(), nextAction: z.string() }).nullable(),
  permissions: z.array(z.object({ title: z.string(), purpose: z.string(), needed: z.boolean(), state: z.enum(["granted", "missing", "unknown"]) })),
  warnings: z.array(z.string()),
  rate: z.object({ limit: z.number(), remaining: z.number(), resetAt: z.string() }).nullable(),
});
export type GithubCheck = z.infer<typeof GithubCheck>;

/** How Waymark is connected to another host of repositories, or to Argo CD; never its token. */
export interface HostIntegration {
  kind: ConnectionKind;
  isConnected: boolean;
  url: string;
  owner: string | null;
  user: string | null;
  updatedAt: string | null;
}

export const HostKey = z.strictObject({ kind: z.enum(CONNECTION_KINDS, "Choose one of gitlab, gitea, bitbucket, azure, argocd.") });

/** A token that is left out stays as it is, while the address and the account stay the same. */
export const ConnectHost = HostKey.extend({
  url: z.string().trim().max(300).optional(),
  owner: z.string("Name where repositories are made.").trim().min(1, "Name where repositories are made.").max(200, "At most 200 characters."),
  user: z.email("Enter an e-mail address, or leave it empty.").max(200).optional(),
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,400}$/, "Enter the token as the host shows it: 8 to 400 letters, digits and signs, without spaces.")
    .optional(),
});

/** What the host answered when it was asked just now. */
export interface HostCheck {
  identity: string | null;
  problem: { cause: string; whoCanFix: string; nextAction: string } | null;
}

/** Where repositories can be made beside Waymark's own git server, for forms. */
export interface RepositoryHost {
  provider: "github" | HostKind;
  /** As templates name it, such as gitlab.com. */
  host: string;
  title: string;
  owner: string;
}
