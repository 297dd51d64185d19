import { stringify } from "yaml";
import { z } from "zod";
import { asSchema } from "@/lib/core/schema-messages";
import { stepAction } from "../step-action";

export const catalogWrite = stepAction({
  id: "catalog:write",
  effect: "workspace",
  input: z.looseObject({
    filePath: z.string("expected a path").optional(),
    entity: z.record(z.string(), z.unknown(), "expected an entity with apiVersion, kind, metadata and spec"),
  }),
  run: async ({ input, workspace, context, log }) => {
    const { entity, filePath = "catalog-info.yaml" } = input;
    const metadata = asSchema(entity.metadata);
    const annotations = { ...asSchema(metadata.annotations), ...(context.templateRef ? { "backstage.io/source-template": context.templateRef } : {}) };
    const whole = { ...entity, metadata: context.templateRef ? { ...metadata, annotations } : metadata };
    await workspace.write(filePath, Buffer.from(stringify(whole)), 0o644, true);
    log(`Wrote ${filePath}.`);
    return undefined;
  },
});
