import { and, desc, eq, isNull } from "drizzle-orm";
import { pathEjections, repositories, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { type Ejection, PathNameInput, ServiceInput } from "../contract";
import { loadGoldenPathVersion } from "../load-version";
import { concernsOf } from "./concerns";
import { listServicesOf } from "./read-services";
import { pathService } from "./service";
import { pathVersions } from "./versions-behind";

export const readServicePath = query({
  name: "golden-path.read",
  summary: "How a service stands to its golden path: version, how far behind, open upgrade, and what its team looks after itself.",
  input: ServiceInput,
  subject: pathService,
  run: async (on, _input, _ctx, { repository, goldenPath, entityRef }) => {
    const { current, items } = await listServicesOf(on, goldenPath.name, entityRef);
    const [state] = items;
    if (!state) throw new DomainError("not_found", `${repository.name} is archived.`);
    const loaded = await loadGoldenPathVersion(on, goldenPath.name, goldenPath.version).catch(() => null);
    const rows = await on
      .select({ row: pathEjections, by: users.handle })
      .from(pathEjections)
      .leftJoin(users, eq(users.id, pathEjections.ejectedBy))
      .where(and(eq(pathEjections.repositoryId, repository.id), isNull(pathEjections.rejoinedAt)))
      .orderBy(desc(pathEjections.ejectedAt));
    const ejections: Ejection[] = rows.map(({ row, by }) => ({
      id: row.id,
      concern: row.concern,
      files: row.files,
      reason: row.reason,
      version: row.version,
      ejectedBy: by,
      ejectedAt: row.ejectedAt.toISOString(),
    }));
    return { goldenPath: goldenPath.name, current, teamId: repository.teamId, ...state, concerns: loaded ? concernsOf(loaded.definition) : [], ejections };
  },
});

export const listPathServices = query({
  name: "golden-path.edit",
  summary: "The services made from a golden path: version, how far behind, open upgrade, conflicts, and what their teams took over with reasons.",
  input: PathNameInput,
  subject: () => null,
  run: async (on, { name }) => {
    const versions = await pathVersions(on, name);
    if (!versions) throw new DomainError("not_found", `There is no golden path "${name}".`);
    const { items } = await listServicesOf(on, name);
    const left = await on
      .select({
        concern: pathEjections.concern,
        reason: pathEjections.reason,
        at: pathEjections.ejectedAt,
        rejoinedAt: pathEjections.rejoinedAt,
        service: repositories.name,
        entityRef: repositories.entityRef,
      })
      .from(pathEjections)
      .innerJoin(repositories, eq(repositories.id, pathEjections.repositoryId))
      .where(eq(pathEjections.goldenPath, name))
      .orderBy(desc(pathEjections.ejectedAt))
      .limit(200);
    return {
      name,
      current: versions.current,
      versions: [...versions.ordered].reverse().map(({ version }) => ({ version, services: items.filter((one) => one.version === version).length })),
      items,
      ejections: left.map(({ at, rejoinedAt, ...rest }) => ({ ...rest, at: at.toISOString(), isOver: rejoinedAt !== null })),
    };
  },
});
