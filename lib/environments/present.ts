import { formatDuration } from "@/lib/core/duration";
import type { Environment } from "./contract";
import type { EnvironmentRow } from "./subject";

const iso = (date: Date | null) => date?.toISOString() ?? null;

interface Shown {
  row: EnvironmentRow;
  owner: { handle: string; name: string };
  team: string;
  test: Environment["testOf"];
}

/** The row as the contract shows it. */
export function presentEnvironment({ row, owner, team, test }: Shown): Environment {
  return {
    id: row.id,
    name: row.name,
    lifetime: row.lifetime,
    tier: row.tier,
    status: row.status,
    statusReason: row.statusReason,
    goldenPath: row.goldenPath && row.goldenPathVersion ? { name: row.goldenPath, version: row.goldenPathVersion } : null,
    testOf: test,
    entityRef: row.entityRef,
    ref: row.ref,
    owner: `user:default/${owner.handle}`,
    ownerName: owner.name,
    team,
    driver: row.driver,
    isolation: row.isolation,
    url: row.url,
    health: row.health,
    memoryMiB: row.memoryMib,
    ttl: row.ttlMinutes === null ? null : formatDuration(row.ttlMinutes),
    createdAt: row.createdAt.toISOString(),
    readyAt: iso(row.readyAt),
    expiresAt: iso(row.expiresAt),
    keptUntil: iso(row.keptUntil),
    deletedAt: iso(row.deletedAt),
    commit: row.commit,
    provisioning: row.provisioning,
    drift: row.drift,
    isDemo: row.isDemo,
  };
}
