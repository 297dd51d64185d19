import { and, eq, isNotNull, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { decommissions } from "@/db/schema";
import type { CatalogEntity } from "@/lib/catalog/contract";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import type { StepPlan } from "@/lib/runs/engine/types";
import { startRun } from "@/lib/runs/enqueue";
import type { Choice, DecommissionChoice, DecommissionPlan } from "./contract";
import { foreignRepository } from "./foreign-repository";

export interface DecommissionRunInput extends Record<string, unknown> {
  entityRef: string;
  title: string;
  /** A repository that Waymark made, or one elsewhere on GitHub that is archived. */
  repositoryId: string | null;
  foreign: { owner: string; name: string; url: string } | null;
  choices: DecommissionChoice[];
  /** Refs of what needs it: their teams are told. */
  dependants: string[];
}

export const DECOMMISSION_KIND = "service.decommission";
export const DECOMMISSION_DEADLINE_MS = 30 * 60_000;
export const DECOMMISSION_STEPS: StepPlan[] = [
  { name: "check", title: "Check that nothing changed meanwhile" },
  { name: "environments", title: "Delete environments" },
  { name: "removed", title: "Wait until they are gone" },
  { name: "open-work", title: "Close pull requests and webhooks" },
  { name: "repository", title: "Archive or delete the repository" },
  { name: "catalog", title: "Take it out of the catalog, write the receipt" },
];

/** The chosen fate of everything that has one; the default where nothing was chosen. Throws invalid for a choice that an item does not have. */
export function settleChoices({ items }: DecommissionPlan, asked: Record<string, Choice>): DecommissionChoice[] {
  const known = new Map(items.map((item) => [item.key, item]));
  const fields = Object.entries(asked).flatMap(([key, choice]) => {
    const item = known.get(key);
    if (!item) return [{ path: `choices.${key}`, message: "There is no such thing any more. Look at the list again." }];
    if (item.choices.some(({ value }) => value === choice)) return [];
    const possible = item.choices.map(({ value }) => value).join(", ") || "nothing to choose";
    return [{ path: `choices.${key}`, message: `${item.name} cannot be set to ${choice}. Possible: ${possible}.` }];
  });
  if (fields.length > 0) throw new DomainError("invalid", fields[0]?.message ?? "A choice is not possible.", { fields });
  return items.flatMap(({ key, kind, name, choices: [first], choices }) => {
    if (!first || kind === "database" || kind === "dependant") return [];
    const choice = choices.find(({ value }) => value === asked[key])?.value ?? first.value;
    return [{ key, kind, name, choice }];
  });
}

export interface NewDecommission {
  entity: CatalogEntity;
  plan: DecommissionPlan;
  choices: DecommissionChoice[];
  requestedBy: string | null;
  teamId: string | null;
  now: Date;
}

/** Starts the end of a service. Who may is the caller's to check. Returns the run's id; throws conflict where it has ended or is ending. */
export async function startDecommission(tx: Tx, { entity, plan, choices, requestedBy, teamId, now }: NewDecommission): Promise<string> {
  const { ref, title } = entity;
  if (await wasDecommissioned(tx, entity)) throw new DomainError("conflict", `${title} is decommissioned already. Its receipt says what became of each part.`);
  const [first] = choices.filter(({ kind }) => kind === "repository");
  const repository = first?.key.slice("repository:".length) ?? null;
  const foreign = repository?.startsWith("http") ? await foreignRepository(tx, entity) : null;
  const runId = newId("run");
  const repositoryId = foreign ? null : repository;
  const input: DecommissionRunInput = {
    entityRef: ref,
    title,
    repositoryId,
    foreign: foreign?.at ? { ...foreign.at, url: foreign.url } : null,
    choices,
    dependants: plan.items.filter(({ kind }) => kind === "dependant").map(({ name }) => name),
  };
  await startRun(tx, {
    id: runId,
    kind: DECOMMISSION_KIND,
    title: `Decommission ${title}`.slice(0, 200),
    input,
    plan: DECOMMISSION_STEPS,
    deadlineMs: DECOMMISSION_DEADLINE_MS,
    requestedBy,
    teamId,
    entityRef: ref,
    exclusiveKey: `decommission:${ref}`,
    now,
  });
  await tx.insert(decommissions).values({ runId, entityRef: ref, title, teamId, requestedBy, repositoryId, choices, createdAt: now });
  return runId;
}

async function wasDecommissioned(tx: Tx, { ref, goneAt }: CatalogEntity): Promise<boolean> {
  if (!goneAt) return false;
  const [row] = await tx
    .select({ id: decommissions.runId })
    .from(decommissions)
    .where(and(eq(decommissions.entityRef, ref), isNotNull(decommissions.completedAt), isNull(decommissions.undoneAt)));
  return row !== undefined;
}
