import { eq } from "drizzle-orm";
import { deliveryAnnotations } from "@/db/schema";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { authorize, mutation, query } from "@/lib/core/operation";
import { dataKindOf, nodeNamed } from "../node";
import { permissionFor } from "../read-metric";
import { windowOf } from "../window";
import { AddAnnotationInput, type Annotation, AnnotationId, AnnotationsInput } from "./contract";
import { annotationsOf } from "./read";

export const listAnnotations = query({
  name: "metric.read-organisation",
  summary: "What happened and may explain the figures of a node: releases, golden paths taken up, incidents, surveys, notes.",
  input: AnnotationsInput,
  subject: async (on, { node }) => {
    const found = await nodeNamed(on, node);
    return { teamId: found.teamId, node: found };
  },
  run: async (on, { from, to, data: asked }, ctx, { node }): Promise<{ items: Annotation[]; nextCursor: null; total: number }> => {
    authorize(ctx, permissionFor(node), { teamId: node.teamId });
    const { data } = await dataKindOf(on, node, asked);
    const items = await annotationsOf(on, node, data === "demo", windowOf({ from, to }, ctx.now, env().timeZone));
    return { items, nextCursor: null, total: items.length };
  },
});

const target = (id: string, note: string) => ({ type: "delivery-annotation", id, label: note.slice(0, 60) });

export const addAnnotation = mutation({
  name: "delivery-annotation.edit",
  summary: "Note something on the charts, of a group with everything below it or of the organisation.",
  input: AddAnnotationInput,
  subject: async (on, { group }) => {
    const node = group && group !== "org" ? await nodeNamed(on, group) : null;
    if (node && node.type !== "team")
      throw new DomainError("invalid", "Notes are of groups.", { fields: [{ path: "group", message: "Choose a team, a division or the organisation." }] });
    return { teamId: node?.teamId ?? null };
  },
  run: async (tx, { day, note }, ctx, { teamId }) => {
    const id = newId("annotation");
    await tx.insert(deliveryAnnotations).values({ id, day, note, teamId, createdBy: ctx.actor.type === "user" ? ctx.actor.id : null, createdAt: ctx.now });
    return { id, day, note };
  },
  audit: (_input, { id, note }) => ({ target: target(id, note), detail: { change: "added" } }),
});

export const removeAnnotation = mutation({
  name: "delivery-annotation.edit",
  summary: "Take a note off the charts.",
  input: AnnotationId,
  subject: () => null,
  run: async (tx, { id }) => {
    const [row] = await tx.delete(deliveryAnnotations).where(eq(deliveryAnnotations.id, id)).returning({ note: deliveryAnnotations.note });
    return { id, note: row?.note ?? null };
  },
  audit: (_input, { id, note }) => (note === null ? null : { target: target(id, note), detail: { change: "removed" } }),
});
