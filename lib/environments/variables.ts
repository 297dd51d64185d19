import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import type { Connection, Tx } from "@/db/client";
import { environmentVariables } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { decrypt, encrypt } from "@/lib/core/secrets";
import type { EditVariablesInput } from "./contract";

/** Names that the platform sets itself; a team cannot. */
export const RESERVED_VARIABLES = ["DATABASE_URL", "PORT", "HOST", "NODE_OPTIONS", "PATH", "HOME"];
const isReserved = (name: string) => RESERVED_VARIABLES.includes(name) || name.startsWith("WAYMARK_");

const place = (environmentId: string, name: string) => `environment_variables|${environmentId}|${name}`;
const thisOne = (environmentId: string, name: string) => and(eq(environmentVariables.environmentId, environmentId), eq(environmentVariables.name, name));

/** Stores one value encrypted; replaces an earlier one of the same name. */
export async function saveVariable(
  on: Connection,
  environmentId: string,
  variable: { name: string; value: string; isSecret: boolean; source: "platform" | "team"; updatedBy: string | null; now: Date },
): Promise<void> {
  const { name, value, now, ...rest } = variable;
  const row = { ...rest, valueSealed: encrypt(value, place(environmentId, name)), updatedAt: now };
  await on
    .insert(environmentVariables)
    .values({ environmentId, name, ...row })
    .onConflictDoUpdate({ target: [environmentVariables.environmentId, environmentVariables.name], set: row });
}

/** All values of an environment in clear text, for the driver and the credentials page. */
export async function readVariables(on: Connection, environmentId: string) {
  const rows = await on.select().from(environmentVariables).where(eq(environmentVariables.environmentId, environmentId));
  return rows.map((row) => ({ ...row, value: decrypt(row.valueSealed, place(environmentId, row.name)) }));
}

/** Replaces the team's variables: what is not named goes, a secret without a value stays. Throws invalid. */
export async function replaceTeamVariables(tx: Tx, environmentId: string, wanted: z.output<typeof EditVariablesInput>["variables"], by: { updatedBy: string | null; now: Date }) {
  const known = await tx.select().from(environmentVariables).where(eq(environmentVariables.environmentId, environmentId));
  const seen = new Set<string>();
  for (const [index, variable] of wanted.entries()) {
    const problem = problemOf(
      variable,
      seen,
      known.find((row) => row.name === variable.name),
    );
    if (problem) throw new DomainError("invalid", problem, { fields: [{ path: `variables.${index}.name`, message: problem }] });
    seen.add(variable.name);
    if (variable.value === undefined) continue;
    await saveVariable(tx, environmentId, { name: variable.name, value: variable.value, isSecret: variable.secret, source: "team", ...by });
  }
  const removed = known.filter((row) => row.source === "team" && !seen.has(row.name)).map((row) => row.name);
  for (const name of removed) await tx.delete(environmentVariables).where(thisOne(environmentId, name));
  return { set: wanted.filter((variable) => variable.value !== undefined).map((variable) => variable.name), removed };
}

function problemOf(variable: { name: string; value?: string | undefined }, seen: Set<string>, known: { source: string } | undefined): string | null {
  if (seen.has(variable.name)) return `${variable.name} is there twice. Keep one.`;
  if (isReserved(variable.name) || known?.source === "platform") return `${variable.name} is set by the platform. Choose another name.`;
  if (variable.value === undefined && !known) return `${variable.name} has no value yet. Give it one.`;
  return null;
}
