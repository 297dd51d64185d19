import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { safeSegments } from "../safe-path";
import { stepAction } from "../step-action";

const text = z.string("expected text");

export const catalogRegister = stepAction({
  id: "catalog:register",
  effect: "publication",
  input: z.looseObject({
    repoContentsUrl: text.optional(),
    catalogInfoPath: text.optional(),
    catalogInfoUrl: text.optional(),
    optional: z.boolean("expected true or false").optional(),
  }),
  foresee: ({ catalogInfoPath = "catalog-info.yaml", repoContentsUrl = "", catalogInfoUrl }) => ({
    calls: [{ call: "catalog:register", detail: `Takes ${catalogInfoUrl ?? catalogInfoPath} into the catalog.` }],
    output: { entityRef: "component:default/example", catalogInfoUrl: catalogInfoUrl ?? `${repoContentsUrl}/${catalogInfoPath.replace(/^\/+/, "")}` },
  }),
  run: async ({ input, outside }) => {
    if (!outside) throw new DomainError("unavailable", "Nothing can be registered here.");
    if (input.catalogInfoUrl)
      throw new DomainError(
        "invalid",
        "Only the repository that this golden path publishes can be registered. Use repoContentsUrl with catalogInfoPath instead of catalogInfoUrl.",
      );
    const file = safeSegments((input.catalogInfoPath ?? "catalog-info.yaml").replace(/^\/+/, "")).join("/");
    return { ...(await outside.register(file || "catalog-info.yaml")) };
  },
});
