import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { environments } from "@/db/schema";
import type { RequestFacts } from "@/lib/guardrails/contract";
import type { Repository } from "@/lib/repositories/contract";
import type { Wanted } from "./begin-deployment";
import type { Tier } from "./contract";
import type { EnvironmentRow } from "./subject";

const hours = (minutes: number | null | undefined) => (minutes === null || minutes === undefined ? undefined : minutes / 60);

interface Sandbox {
  name: string | undefined;
  ttlMinutes: number | undefined;
  driver: string;
  memoryMiB: number;
  values: Record<string, unknown>;
  goldenPath?: string;
  goldenPathVersion?: string;
}

/** What guardrails see of a sandbox from a golden path, or from files that are tried; `values` without secrets. */
export const sandboxFacts = ({ name, ttlMinutes, driver, memoryMiB, values, goldenPath = "", goldenPathVersion = "" }: Sandbox): RequestFacts<"environment.create"> => ({
  tier: "sandbox",
  ttlHours: hours(ttlMinutes),
  goldenPath,
  goldenPathVersion,
  driver,
  memoryMiB,
  name,
  entityRef: "",
  ref: "",
  isDefaultBranch: false,
  values,
});

interface OfService {
  name: string | undefined;
  tier: Tier;
  ttlMinutes: number | null | undefined;
  driver: string;
  memoryMiB: number;
  repository: Repository;
  entityRef: string;
  ref: string;
}

/** What they see of an environment of a service. */
export const serviceEnvironmentFacts = ({ name, tier, ttlMinutes, driver, memoryMiB, repository, entityRef, ref }: OfService): RequestFacts<"environment.create"> => ({
  tier,
  ttlHours: hours(ttlMinutes),
  goldenPath: repository.goldenPath?.name ?? "",
  goldenPathVersion: repository.goldenPath?.version ?? "",
  driver,
  memoryMiB,
  name,
  entityRef,
  ref,
  isDefaultBranch: ref === repository.defaultBranch,
  values: {},
});

/** What they see of a new time to live. */
export const extensionFacts = (row: EnvironmentRow, ttlMinutes: number | undefined, now: Date): RequestFacts<"environment.extend"> => ({
  tier: row.tier,
  ttlHours: hours(ttlMinutes),
  ageHours: (now.getTime() - row.createdAt.getTime()) / 3_600_000,
  goldenPath: row.goldenPath ?? "",
  driver: row.driver,
  memoryMiB: row.memoryMib,
  name: row.name,
  entityRef: row.entityRef ?? "",
});

/** What they see of a deployment; `isPush` for the one that follows a push. */
export async function deploymentFacts(
  on: Connection,
  row: EnvironmentRow,
  { kind, ref, commit, promotedFrom }: Pick<Wanted, "kind" | "ref" | "commit" | "promotedFrom">,
  { repository, isPush = false }: { repository: Repository | null; isPush?: boolean },
): Promise<RequestFacts<"environment.deploy">> {
  const [from] = promotedFrom ? await on.select({ tier: environments.tier }).from(environments).where(eq(environments.id, promotedFrom)) : [];
  return {
    tier: row.tier,
    kind: isPush ? "push" : kind,
    ref,
    isDefaultBranch: repository !== null && ref === repository.defaultBranch,
    commit,
    fromTier: from?.tier ?? "",
    goldenPath: row.goldenPath ?? "",
    driver: row.driver,
    name: row.name,
    entityRef: row.entityRef ?? "",
  };
}
