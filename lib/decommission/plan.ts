import { and, asc, eq, inArray, isNull, ne, notInArray } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities, environmentDatabases, environments, repositories, teams } from "@/db/schema";
import { type CatalogEntity, entityHref, GRACE_DAYS, kindWord, refName } from "@/lib/catalog/contract";
import { directDependants } from "@/lib/catalog/queries";
import { sha256 } from "@/lib/core/secrets";
import { repositoryProvider } from "@/lib/repositories/jobs";
import type { DecommissionItem, DecommissionPlan } from "./contract";
import { foreignRepository } from "./foreign-repository";

type RepositoryRow = typeof repositories.$inferSelect;

/** The repository of an entity, as a row; archived ones too. */
export async function repositoryRowOf(on: Connection, entity: CatalogEntity): Promise<RepositoryRow | null> {
  const id = entity.source.type === "git" ? entity.source.repositoryId : entity.repositoryId;
  const where = id ? eq(repositories.id, id) : eq(repositories.entityRef, entity.ref);
  const [row] = await on
    .select()
    .from(repositories)
    .where(and(where, ne(repositories.status, "creating")));
  return row ?? null;
}

/** Everything that belongs to an entity, with what can become of it. Asks GitHub for what is open there; a failure of that becomes a note. */
export async function planOf(on: Connection, entity: CatalogEntity): Promise<DecommissionPlan> {
  const notes: string[] = [];
  const repository = await repositoryRowOf(on, entity);
  // A repository of several services ends with the one that it was made for, not with any of its others.
  const own = repository && (repository.entityRef ?? entity.ref) === entity.ref ? repository : null;
  const items = [
    ...(await environmentItems(on, entity.ref)),
    ...(own ? await workItems(own, notes) : []),
    ...(own ? [repositoryItem(own)] : repository ? [sharedItem(repository)] : await foreignItems(on, entity)),
    ...(await entityItems(on, entity, own)),
  ];
  const going = new Set(items.filter(({ kind }) => kind === "entity").map(({ name }) => name));
  const dependants = (await directDependants(on, entity.ref)).filter(({ ref }) => !going.has(ref)).map(dependantItem);
  const digest = sha256(JSON.stringify(items.map(({ key }) => key))).slice(0, 32);
  return { entityRef: entity.ref, title: entity.title, name: entity.name, items: [...items, ...dependants], digest, notes };
}

async function environmentItems(on: Connection, entityRef: string): Promise<DecommissionItem[]> {
  const rows = await on
    .select({ id: environments.id, name: environments.name, tier: environments.tier, status: environments.status, handle: environments.handle, team: teams.name })
    .from(environments)
    .innerJoin(teams, eq(teams.id, environments.teamId))
    .where(and(eq(environments.entityRef, entityRef), notInArray(environments.status, ["deleted", "deleting"])))
    .orderBy(asc(environments.tier), asc(environments.name));
  const ids = rows.map(({ id }) => id);
  const databases = ids.length ? await on.select().from(environmentDatabases).where(inArray(environmentDatabases.environmentId, ids)) : [];
  // The golden path's own is known by the handle, added ones by their rows.
  const databaseNames = (id: string, handle: Record<string, unknown> | null) => [
    ...new Set([...(typeof handle?.database === "string" ? ["main"] : []), ...databases.filter(({ environmentId }) => environmentId === id).map((one) => one.name)]),
  ];
  return rows.flatMap(({ id, name, tier, status, handle, team }): DecommissionItem[] => [
    {
      key: `environment:${id}`,
      kind: "environment",
      name,
      href: `/environments/${id}`,
      detail: `${tier}, ${status}, of ${team}`,
      choices: [
        { value: "delete", label: "Delete", what: "Process, database, address and files go; data that lives only there is lost." },
        { value: "keep", label: "Keep", what: "It goes on running, without a service in the catalog." },
      ],
      what: null,
    },
    ...databaseNames(id, handle).map((database): DecommissionItem => {
      const shown = `${name}/${database}`;
      return { key: `database:${shown}`, kind: "database", name: shown, href: null, detail: "PostgreSQL", choices: [], what: "Shares the fate of its environment." };
    }),
  ]);
}

async function workItems(repository: RepositoryRow, notes: string[]): Promise<DecommissionItem[]> {
  try {
    const { pullRequests, webhooks } = await repositoryProvider(repository.provider).openWork(repository);
    const fate = "unless the repository is kept.";
    return [
      ...pullRequests.map(({ number, title, url }): DecommissionItem => {
        const name = `${repository.owner}/${repository.name}#${number}`;
        return { key: `pull-request:${name}`, kind: "pull-request", name, href: url, detail: title, choices: [], what: `Closed without a merge, ${fate}` };
      }),
      ...webhooks.map(
        ({ id, url }): DecommissionItem => ({ key: `webhook:${id}`, kind: "webhook", name: url, href: null, detail: "tells Waymark", choices: [], what: `Removed, ${fate}` }),
      ),
    ];
  } catch (error) {
    // What is open is looked up again by the run, so the plan can do without it.
    if (!(error instanceof Error) || error.name !== "StepFailure") throw error;
    notes.push(`Pull requests and webhooks of ${repository.owner}/${repository.name} could not be looked up: ${error.message}`);
    return [];
  }
}

function repositoryItem({ id, owner, name, provider, webUrl, status }: RepositoryRow): DecommissionItem {
  const isOwn = provider === "waymark";
  const archive = { value: "archive" as const, label: "Archive", what: "Can be read and cloned, takes no pushes." };
  const remove = { value: "delete" as const, label: "Delete", what: "Its files and its whole history go. Nobody can bring them back." };
  const keep = { value: "keep" as const, label: "Keep", what: "Stays writable. The next push to it registers its entities again." };
  return {
    key: `repository:${id}`,
    kind: "repository",
    name: `${owner}/${name}`,
    href: isOwn ? `/repositories/${owner}/${name}` : webUrl,
    detail: isOwn ? "Waymark's git server" : "GitHub",
    choices: status === "archived" ? (isOwn ? [{ ...archive, label: "Keep archived" }, remove] : []) : isOwn ? [archive, remove, keep] : [archive, keep],
    what: status === "archived" && !isOwn ? "It is archived already." : null,
  };
}

function sharedItem({ id, owner, name, entityRef }: RepositoryRow): DecommissionItem {
  const what = `Stays: it belongs to ${entityRef}. While it holds the file, the next push registers the entity again.`;
  return { key: `repository:${id}`, kind: "repository", name: `${owner}/${name}`, href: `/repositories/${owner}/${name}`, detail: "shared", choices: [], what };
}

async function foreignItems(on: Connection, entity: CatalogEntity): Promise<DecommissionItem[]> {
  const foreign = await foreignRepository(on, entity);
  if (!foreign) return [];
  const keep = { value: "keep" as const, label: "Keep", what: "Nothing changes there. While it holds the file, the next reading brings the entity back." };
  const archive = { value: "archive" as const, label: "Archive", what: "GitHub makes it read-only. Waymark did not make it and never deletes it." };
  const at = { key: `repository:${foreign.url}`, kind: "repository" as const, name: foreign.name, href: foreign.url };
  if (!foreign.at)
    return [
      {
        ...at,
        detail: "not made by Waymark",
        choices: [],
        what: "Nothing changes there: it is out of reach of Waymark, or holds other entities too. While it holds the file, the next reading brings the entity back.",
      },
    ];
  return [{ ...at, detail: "GitHub, not made by Waymark", choices: [keep, archive], what: null }];
}

async function entityItems(on: Connection, entity: CatalogEntity, repository: RepositoryRow | null): Promise<DecommissionItem[]> {
  const beside = repository
    ? await on
        .select({ ref: entities.ref, kind: entities.kind })
        .from(entities)
        .where(and(eq(entities.repositoryId, repository.id), ne(entities.ref, entity.ref), isNull(entities.goneAt)))
        .orderBy(asc(entities.ref))
        .limit(100)
    : [];
  const what = `Out of the lists at once, removed after ${GRACE_DAYS} days; until then it can be brought back.`;
  return [{ ref: entity.ref, kind: entity.kind }, ...beside].map(({ ref, kind }) => ({
    key: `entity:${ref}`,
    kind: "entity" as const,
    name: ref,
    href: entityHref(ref),
    detail: ref === entity.ref ? `Catalog entry, ${kindWord(kind)}` : `Catalog entry of the same repository, ${kindWord(kind)}`,
    choices: [
      { value: "remove" as const, label: "Remove", what },
      { value: "keep" as const, label: "Keep", what: "Its page stays in the catalog." },
    ],
    what: null,
  }));
}

function dependantItem({ ref, kind, ownerRef }: { ref: string; kind: string; ownerRef: string | null }): DecommissionItem {
  const what = ownerRef ? `Its reference leads nowhere afterwards. The owners of ${refName(ownerRef)} are told.` : "Its reference leads nowhere afterwards. Nobody owns it.";
  return { key: `dependant:${ref}`, kind: "dependant", name: ref, href: entityHref(ref), detail: `${kindWord(kind)} that needs it`, choices: [], what };
}
