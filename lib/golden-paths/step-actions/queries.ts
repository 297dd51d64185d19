import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { goldenPaths, goldenPathVersions, stepActions, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { stepRegistry } from "../engine/steps";
import { type DeclaredStepAction, StepActionDefinition, StepActionKey } from "./definition";

const rowsOf = (on: Connection) =>
  on.select({ row: stepActions, by: users.handle }).from(stepActions).leftJoin(users, eq(users.id, stepActions.updatedBy)).orderBy(asc(stepActions.id));

function present({ row, by }: Awaited<ReturnType<typeof rowsOf>>[number], usedBy: string[]): DeclaredStepAction {
  const { id, isEnabled, revision, updatedAt } = row;
  return { id, definition: StepActionDefinition.parse(row.definition), isEnabled, revision, updatedBy: by, updatedAt: updatedAt.toISOString(), usedBy };
}

/** Names of the paths whose current version has a step with each action. */
async function uses(on: Connection): Promise<Map<string, string[]>> {
  const rows = await on
    .select({ name: goldenPaths.name, version: goldenPathVersions.version, current: goldenPaths.currentVersion, definition: goldenPathVersions.definition })
    .from(goldenPaths)
    .innerJoin(goldenPathVersions, eq(goldenPathVersions.name, goldenPaths.name));
  const found = new Map<string, string[]>();
  for (const { name, version, current, definition } of rows) {
    if (version !== current) continue;
    const steps = ((definition.spec as { steps?: { action?: unknown }[] } | undefined)?.steps ?? []).map(({ action }) => String(action));
    for (const action of new Set(steps)) found.set(action, [...(found.get(action) ?? []), name]);
  }
  return found;
}

export const listDeclaredActions = query({
  name: "golden-path.edit",
  summary: "Actions for steps of golden paths: those that the platform team declared, and the ids of the built-in ones.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on) => {
    const [rows, used] = await Promise.all([rowsOf(on), uses(on)]);
    const builtIn = [...stepRegistry.values()].map(({ id, effect }) => ({ id, effect })).sort((a, b) => (a.id < b.id ? -1 : 1));
    return { items: rows.map((row) => present(row, used.get(row.row.id) ?? [])), builtIn, total: rows.length };
  },
});

export const getDeclaredAction = query({
  name: "golden-path.edit",
  summary: "One declared action with its definition; its secret is shown nowhere.",
  input: StepActionKey,
  subject: () => null,
  run: async (on, { id }) => {
    const [found] = await rowsOf(on).then((rows) => rows.filter(({ row }) => row.id === id));
    if (!found) throw new DomainError("not_found", `There is no declared action ${id}.`);
    return present(found, (await uses(on)).get(id) ?? []);
  },
});
