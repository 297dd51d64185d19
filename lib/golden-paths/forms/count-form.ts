import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { goldenPathOpenForms, goldenPathVersions } from "@/db/schema";
import { limitRate } from "@/lib/core/auth/rate-limit";
import { mutation } from "@/lib/core/operation";
import { sha256 } from "@/lib/core/secrets";
import { readDefinition } from "../definition";
import { knownNames, mergedSchema } from "../parameters";
import { CountFormInput } from "./contract";
import { addToDay } from "./days";

/** A person at a keyboard sends far fewer; a program gains nothing by more. */
const PER_MINUTE = 120;

export const countForm = mutation({
  name: "golden-path.count-form",
  summary: "Count that the form of a golden path was opened, which question was touched last, or that it was sent. Neither answers nor the person are kept.",
  input: CountFormInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    await limitRate(`count-form|${ctx.actor.type === "user" ? ctx.actor.id : "platform"}`, PER_MINUTE, 60);
    const asked = await questionsOf(tx, input.name, input.version);
    // A form of a version that is gone has nobody whom the count could help.
    if (!asked) return { counted: false };
    const key = sha256(`${input.name}|${input.version}|${input.form}`);
    const field = input.field !== undefined && asked.has(input.field) ? input.field : null;
    const { name, version } = input;
    const [opened] = await tx
      .insert(goldenPathOpenForms)
      .values({ key, name, version, field: field ?? "", openedAt: ctx.now })
      .onConflictDoNothing()
      .returning({ key: goldenPathOpenForms.key });
    if (opened) await addToDay(tx, { name, version, at: ctx.now }, "opened");
    else if (field !== null)
      await tx
        .update(goldenPathOpenForms)
        .set({ field })
        .where(and(eq(goldenPathOpenForms.key, key), isNull(goldenPathOpenForms.sentAt)));
    if (input.state === "sent") await markSent(tx, key, ctx.now);
    return { counted: true };
  },
  // Who looks at a form is nobody's business.
  audit: () => null,
});

async function markSent(tx: Tx, key: string, now: Date): Promise<void> {
  const [sent] = await tx
    .update(goldenPathOpenForms)
    .set({ sentAt: now })
    .where(and(eq(goldenPathOpenForms.key, key), isNull(goldenPathOpenForms.sentAt)))
    .returning();
  if (sent) await addToDay(tx, { name: sent.name, version: sent.version, at: sent.openedAt }, "sent");
}

async function questionsOf(tx: Tx, name: string, version: string): Promise<Set<string> | null> {
  const [row] = await tx
    .select({ definition: goldenPathVersions.definition })
    .from(goldenPathVersions)
    .where(and(eq(goldenPathVersions.name, name), eq(goldenPathVersions.version, version)));
  return row ? knownNames(mergedSchema(readDefinition(row.definition))) : null;
}
