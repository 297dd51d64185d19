import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { stepActions } from "@/db/schema";
import { decrypt } from "@/lib/core/secrets";
import type { StepAction, StepRegistry } from "../engine/step-action";
import { stepRegistry } from "../engine/steps";
import { commandAction } from "./command-action";
import { StepActionDefinition } from "./definition";
import { httpAction } from "./http-action";

type Row = typeof stepActions.$inferSelect;

export const signingPlace = (id: string) => `step_actions|${id}|secret`;

/** Every action that this Waymark can run: the built-in ones, and those that the platform team declared and did not switch off. */
export async function loadStepRegistry(on: Connection): Promise<StepRegistry> {
  const rows = await on.select().from(stepActions).where(eq(stepActions.isEnabled, true));
  if (rows.length === 0) return stepRegistry;
  return new Map([...stepRegistry, ...rows.map((row): [string, StepAction] => [row.id, declaredAction(row)])]);
}

function declaredAction(row: Row): StepAction {
  const definition = StepActionDefinition.parse(row.definition);
  const { back } = definition;
  if (back.type === "command") return commandAction(row.id, definition, back);
  const place = signingPlace(row.id);
  const isChanging = row.previousSecretUntil !== null && row.previousSecretUntil.getTime() > performance.timeOrigin + performance.now();
  const sealed = [row.secretSealed, isChanging ? row.previousSecretSealed : null].filter((one) => one !== null);
  return httpAction({ id: row.id, definition, http: back, secrets: sealed.map((one) => decrypt(one, place)) });
}
