import { and, desc, eq, ne } from "drizzle-orm";
import type { z } from "zod";
import type { Connection } from "@/db/client";
import { deployments, environments } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { servingCommit, type Wanted } from "./begin-deployment";
import type { DeployInput } from "./contract";
import type { ChosenCommit } from "./create-environment";
import { servedIn, short } from "./deployments";
import { previousOf } from "./history";
import type { EnvironmentRow } from "./subject";

type Input = z.output<typeof DeployInput>;
type What = Omit<Wanted, "requestedBy" | "now">;

const refuse = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

/** What the input asks to deploy. Throws invalid (foreign or empty environment) and conflict (runs already, nothing to go back to). */
export async function chooseDeployment(on: Connection, input: Input, row: EnvironmentRow, chosen: ChosenCommit | null): Promise<What> {
  const what = input.rollback ? await rollback(on, row) : input.promoteFrom ? await promotion(on, row, input.promoteFrom) : deploy(chosen);
  if (servingCommit(row) === what.commit) throw new DomainError("conflict", `${row.name} runs ${short(what.commit)} already. Restart it to start the process again.`);
  return what;
}

function deploy(chosen: ChosenCommit | null): What {
  if (!chosen) throw refuse("ref", "The repository of this environment is gone, so there is nothing to deploy.");
  return { kind: "deploy", ...chosen };
}

async function rollback(on: Connection, row: EnvironmentRow): Promise<What> {
  const target = previousOf(await servedIn(on, row.id));
  if (!target) throw new DomainError("conflict", `There is nothing to roll back to: no other commit has run in ${row.name} before.`);
  return { kind: "rollback", ref: target.ref, commit: target.commit, subject: target.subject };
}

async function promotion(on: Connection, row: EnvironmentRow, from: string): Promise<What> {
  const siblings = await on
    .select()
    .from(environments)
    .where(and(eq(environments.entityRef, row.entityRef ?? ""), ne(environments.status, "deleted"), ne(environments.id, row.id)));
  const source = siblings.find((one) => one.id === from);
  if (!source) {
    const known = siblings.map((one) => `${one.name} (${one.id})`).join(", ");
    throw refuse(
      "promoteFrom",
      `A commit is promoted between environments of one service. ${known ? `Those of ${row.entityRef}: ${known}.` : `${row.entityRef} has no other environment.`}`,
    );
  }
  const serving = await whatServes(on, source);
  if (!serving) throw refuse("promoteFrom", `Nothing has run in ${source.name} yet, so there is nothing to promote.`);
  return { kind: "promotion", ref: serving.ref, commit: serving.commit, subject: serving.subject, promotedFrom: source.id };
}

/** What an environment serves now: also the version that took over a moment ago, while its run still stops the old one. */
async function whatServes(on: Connection, row: EnvironmentRow) {
  const commit = servingCommit(row);
  const [latest] = commit
    ? await on
        .select()
        .from(deployments)
        .where(and(eq(deployments.environmentId, row.id), eq(deployments.commit, commit)))
        .orderBy(desc(deployments.version))
        .limit(1)
    : [];
  return latest ?? (await servedIn(on, row.id)).at(-1);
}
