import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { stepActions } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { requireFetchable } from "@/lib/core/safe-fetch";
import { encrypt } from "@/lib/core/secrets";
import { newSigningSecret } from "@/lib/core/webhook-signature";
import { stepRegistry } from "../engine/steps";
import { checkSchemaLimits } from "../schema-limits";
import { CreateStepActionInput, EditStepActionInput, type StepActionDefinition, StepActionKey } from "./definition";
import { signingPlace } from "./registry";

const personOf = ({ actor }: Ctx) => (actor.type === "user" ? actor.id : null);
const target = (id: string) => ({ type: "step-action", id, label: id });
/** After a change of the secret both sign for this long. */
const CHANGE_OVER_MS = 24 * 3_600_000;

function checkDefinition({ inputs, outputs }: StepActionDefinition): void {
  checkSchemaLimits(inputs, "The inputs", "definition.inputs");
  checkSchemaLimits(outputs, "The outputs", "definition.outputs");
}

/** What a run would refuse is refused here, beside the field; a run looks again, for names change what they stand for. */
async function checkAddress(definition: StepActionDefinition | undefined): Promise<void> {
  if (definition?.back.type === "http") await requireFetchable(definition.back.url, "definition.back.url");
}

async function locked(tx: Tx, id: string) {
  const [row] = await tx.select().from(stepActions).where(eq(stepActions.id, id)).for("update");
  if (!row) throw new DomainError("not_found", `There is no declared action ${id}.`);
  return row;
}

export const createStepAction = mutation({
  name: "golden-path.edit",
  summary: "Declare an action that steps of golden paths can name. The secret that signs its calls is shown once.",
  input: CreateStepActionInput,
  subject: () => null,
  prepare: ({ definition }) => checkAddress(definition),
  run: async (tx, { id, definition }, ctx) => {
    checkDefinition(definition);
    const taken = (message: string) => new DomainError("conflict", message, { fields: [{ path: "id", message }] });
    if (stepRegistry.has(id)) throw taken(`${id} is an action of Waymark itself. Choose another id.`);
    const secret = newSigningSecret();
    const by = personOf(ctx);
    const [row] = await tx
      .insert(stepActions)
      .values({ id, definition, secretSealed: encrypt(secret, signingPlace(id)), createdBy: by, createdAt: ctx.now, updatedBy: by, updatedAt: ctx.now })
      .onConflictDoNothing()
      .returning({ revision: stepActions.revision });
    if (!row) throw taken(`There is an action ${id} already. Choose another id.`);
    return { id, revision: row.revision, secret };
  },
  audit: ({ id, definition }) => ({ target: target(id), detail: { change: "created", title: definition.title, kind: definition.back.type } }),
});

export const editStepAction = mutation({
  name: "golden-path.edit",
  summary: "Change a declared action, or switch it off and on. Runs that are under way keep what they have done.",
  input: EditStepActionInput,
  subject: () => null,
  prepare: ({ definition }) => checkAddress(definition),
  run: async (tx, { id, revision, definition, isEnabled }, ctx) => {
    if (definition) checkDefinition(definition);
    const row = await locked(tx, id);
    if (row.revision !== revision) throw new DomainError("conflict", "Somebody changed it since you opened it. Load it again, then make your change.");
    await tx
      .update(stepActions)
      .set({ ...(definition ? { definition } : {}), ...(isEnabled === undefined ? {} : { isEnabled }), revision: revision + 1, updatedBy: personOf(ctx), updatedAt: ctx.now })
      .where(eq(stepActions.id, id));
    return { id, revision: revision + 1 };
  },
  audit: ({ id, definition, isEnabled }) => ({
    target: target(id),
    detail: { ...(definition ? { change: "definition", title: definition.title, kind: definition.back.type } : {}), ...(isEnabled === undefined ? {} : { enabled: isEnabled }) },
  }),
});

export const replaceStepActionSecret = mutation({
  name: "golden-path.edit",
  summary: "Make a new signing secret, shown once; the old one signs beside it for 24 hours.",
  input: StepActionKey,
  subject: () => null,
  run: async (tx, { id }, ctx) => {
    const row = await locked(tx, id);
    const secret = newSigningSecret();
    await tx
      .update(stepActions)
      .set({
        secretSealed: encrypt(secret, signingPlace(id)),
        previousSecretSealed: row.secretSealed,
        previousSecretUntil: new Date(ctx.now.getTime() + CHANGE_OVER_MS),
        updatedBy: personOf(ctx),
        updatedAt: ctx.now,
      })
      .where(eq(stepActions.id, id));
    return { id, secret };
  },
  audit: ({ id }) => ({ target: target(id), detail: { change: "secret replaced" } }),
});
