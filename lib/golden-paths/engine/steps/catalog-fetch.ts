import { z } from "zod";
import { db } from "@/db/client";
import { findEntity } from "@/lib/catalog/queries";
import { DomainError } from "@/lib/core/errors";
import { stepAction } from "../step-action";

const text = z.string("expected text");

export const catalogFetch = stepAction({
  id: "catalog:fetch",
  effect: "read",
  input: z.looseObject({
    entityRef: text.optional(),
    entityRefs: z.array(text, "expected a list of entity references").max(200, "at most 200").optional(),
    optional: z.boolean("expected true or false").default(false),
    defaultKind: text.optional(),
    defaultNamespace: text.optional(),
  }),
  run: async ({ input }) => {
    const { entityRef, entityRefs, optional } = input;
    if (!entityRef && !entityRefs && !optional) throw new DomainError("invalid", "catalog:fetch needs entityRef or entityRefs, such as component:default/shop.");
    const find = async (ref: string) => {
      const entity = await findEntity(db(), wholeRef(ref, input));
      if (entity || optional) return entity?.definition ?? null;
      throw new DomainError("invalid", `There is no ${ref} in the catalog. Check the reference, or set optional: true.`);
    };
    return { ...(entityRef ? { entity: await find(entityRef) } : {}), ...(entityRefs ? { entities: await Promise.all(entityRefs.map(find)) } : {}) };
  },
});

function wholeRef(ref: string, { defaultKind, defaultNamespace = "default" }: { defaultKind?: string | undefined; defaultNamespace?: string | undefined }): string {
  const [, kind = defaultKind, namespace = defaultNamespace, name] = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/.exec(ref) ?? [];
  if (!kind || !name) throw new DomainError("invalid", `"${ref.slice(0, 200)}" is no reference to an entity. Write it as component:default/shop.`);
  return `${kind}:${namespace}/${name}`;
}
