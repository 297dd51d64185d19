import { and, asc, count, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { catalogStars, catalogViews } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation, query } from "@/lib/core/operation";
import { type CatalogView, SaveViewInput, StarInput, ViewId } from "./contract";
import { findEntityRef } from "./read";
import { formatRef } from "./ref";

// What a person keeps of the catalog for themselves. It changes nothing for anybody else, so it leaves no audit event.

const MAX_STARS = 500;
const MAX_VIEWS = 50;

function me({ actor }: Ctx): { userId: string } {
  if (actor.type !== "user") throw new DomainError("forbidden", "Only people keep stars and views.");
  return { userId: actor.id };
}

const own = (_on: unknown, _input: unknown, ctx: Ctx) => me(ctx);

export const listStars = query({
  name: "catalog-view.read",
  summary: "References of the entities that you starred, the newest first.",
  input: z.strictObject({}),
  subject: own,
  run: async (on, _input, _ctx, { userId }) => {
    const rows = await on.select({ ref: catalogStars.entityRef }).from(catalogStars).where(eq(catalogStars.userId, userId)).orderBy(desc(catalogStars.createdAt)).limit(MAX_STARS);
    return { items: rows.map(({ ref }) => ref), nextCursor: null, total: rows.length };
  },
});

export const starEntity = mutation({
  name: "entity.star",
  summary: "Keep an entity at hand for yourself, or no longer.",
  input: StarInput,
  subject: own,
  run: async (tx, { starred, ...key }, ctx, { userId }) => {
    const entityRef = formatRef(key);
    if (!starred) {
      await tx.delete(catalogStars).where(and(eq(catalogStars.userId, userId), eq(catalogStars.entityRef, entityRef)));
      return { entityRef, starred };
    }
    if (!(await findEntityRef(tx, entityRef))) throw new DomainError("not_found", `There is no ${entityRef} in the catalog.`);
    const [kept] = await tx.select({ n: count() }).from(catalogStars).where(eq(catalogStars.userId, userId));
    if ((kept?.n ?? 0) >= MAX_STARS) throw new DomainError("conflict", `You have ${MAX_STARS} starred entities. Remove some of them first.`);
    await tx.insert(catalogStars).values({ userId, entityRef, createdAt: ctx.now }).onConflictDoNothing();
    return { entityRef, starred };
  },
  audit: () => null,
});

export const listViews = query({
  name: "catalog-view.read",
  summary: "The filters of the catalog that you keep under a name.",
  input: z.strictObject({}),
  subject: own,
  run: async (on, _input, _ctx, { userId }): Promise<{ items: CatalogView[]; nextCursor: null; total: number }> => {
    const { id, name, query: text } = catalogViews;
    const items = await on
      .select({ id, name, query: text })
      .from(catalogViews)
      .where(eq(catalogViews.userId, userId))
      .orderBy(asc(sql`lower(${name})`));
    return { items, nextCursor: null, total: items.length };
  },
});

export const saveView = mutation({
  name: "catalog-view.save",
  summary: "Keep filters and order of the catalog under a name; the same name is replaced.",
  input: SaveViewInput,
  subject: own,
  run: async (tx, { name, query: text }, ctx, { userId }): Promise<CatalogView> => {
    await tx.delete(catalogViews).where(and(eq(catalogViews.userId, userId), sql`lower(${catalogViews.name}) = ${name.toLowerCase()}`));
    const [kept] = await tx.select({ n: count() }).from(catalogViews).where(eq(catalogViews.userId, userId));
    if ((kept?.n ?? 0) >= MAX_VIEWS) throw new DomainError("conflict", `You have ${MAX_VIEWS} views. Remove one of them first.`);
    const id = newId("catalogView");
    await tx.insert(catalogViews).values({ id, userId, name, query: text, createdAt: ctx.now });
    return { id, name, query: text };
  },
  audit: () => null,
});

export const deleteView = mutation({
  name: "catalog-view.save",
  summary: "Forget a view. The entities stay.",
  input: ViewId,
  subject: own,
  run: async (tx, { id }, _ctx, { userId }) => {
    const gone = await tx
      .delete(catalogViews)
      .where(and(eq(catalogViews.id, id), eq(catalogViews.userId, userId)))
      .returning({ id: catalogViews.id });
    if (gone.length === 0) throw new DomainError("not_found", "There is no such view of yours.");
    return { id };
  },
  audit: () => null,
});
