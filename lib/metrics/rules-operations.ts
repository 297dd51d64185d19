import { desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { type Connection, db, type Tx } from "@/db/client";
import { deliveryRules, users } from "@/db/schema";
import { env } from "@/lib/core/env";
import { mutation, query } from "@/lib/core/operation";
import { METRICS, type RulesPreview, type RulesView } from "./contract";
import { workOutInside } from "./drain";
import { readMetric } from "./figures";
import { nodeNamed } from "./node";
import { readRules } from "./rules";
import { Rules } from "./rules-shape";
import { ORGANISATION } from "./tree";
import { windowOf } from "./window";

const HISTORY = 20;
/** Services that a preview works out; more would hold the figures up for too long. */
const PREVIEWED_SERVICES = 300;
const nobody = () => null;

export const getDeliveryRules = query({
  name: "delivery-rules.edit",
  summary: "The rules of counting that hold, and the versions before.",
  input: z.strictObject({}),
  subject: nobody,
  run: async (on): Promise<RulesView> => {
    const [{ version, rules }, rows] = await Promise.all([
      readRules(on),
      on
        .select({ version: deliveryRules.version, note: deliveryRules.note, createdAt: deliveryRules.createdAt, by: users.name })
        .from(deliveryRules)
        .leftJoin(users, eq(users.id, deliveryRules.createdBy))
        .orderBy(desc(deliveryRules.version))
        .limit(HISTORY),
    ]);
    return { version, rules, history: rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() })) };
  },
});

export const setDeliveryRules = mutation({
  name: "delivery-rules.edit",
  summary: "Publish the rules of counting as a new version; everything is worked out again by them.",
  input: z.strictObject({ rules: Rules, note: z.string().trim().min(1, "Say in a few words what changes and why.").max(300) }),
  subject: nobody,
  run: async (tx, { rules, note }, ctx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.delivery-rules'))`);
    const version = await publish(tx, rules, note, ctx.actor.type === "user" ? ctx.actor.id : null, ctx.now);
    return { version };
  },
  audit: ({ note }, { version }) => ({ target: { type: "delivery-rules", id: String(version), label: `version ${version}` }, detail: { note } }),
});

async function publish(tx: Tx, rules: Rules, note: string, createdBy: string | null, createdAt: Date): Promise<number> {
  const { version } = await readRules(tx);
  await tx.insert(deliveryRules).values({ version: version + 1, rules, note, createdBy, createdAt });
  return version + 1;
}

class Undone extends Error {
  constructor(readonly preview: RulesPreview) {
    super("a preview is undone");
  }
}

export const previewDeliveryRules = query({
  name: "delivery-rules.edit",
  summary: "What the organisation's figures of twelve months would be by other rules. Nothing is changed.",
  input: z.strictObject({ rules: Rules }),
  subject: nobody,
  run: async (_on, { rules }, ctx): Promise<RulesPreview> => {
    const figures = async (on: Connection) => {
      const node = await nodeNamed(on, ORGANISATION);
      const { timeZone } = env();
      const [live] = await on.execute<{ any: boolean }>(sql`select exists (select 1 from delivery_services where not is_demo) as any`);
      const question = {
        node,
        data: live?.any ? ("live" as const) : ("demo" as const),
        window: windowOf({}, ctx.now, timeZone),
        grain: "month" as const,
        now: ctx.now,
        actor: ctx.actor,
      };
      const found = [];
      for (const metric of METRICS) {
        const { unit, summary } = await readMetric(on, metric, question);
        found.push({ metric, unit, value: summary.value, n: summary.n });
      }
      return found;
    };
    try {
      return await db().transaction(async (tx) => {
        const before = await figures(tx);
        await publish(tx, rules, "preview", null, ctx.now);
        const services = await workOutInside(tx, PREVIEWED_SERVICES);
        const after = await figures(tx);
        throw new Undone({ ...services, figures: before.map((one, index) => ({ ...one, changed: { value: after[index]?.value ?? null, n: after[index]?.n ?? 0 } })) });
      });
    } catch (error) {
      if (error instanceof Undone) return error.preview;
      throw error;
    }
  },
});
