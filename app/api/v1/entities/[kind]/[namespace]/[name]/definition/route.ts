import { exportEntity } from "@/lib/catalog/queries";
import { httpHandler } from "@/lib/core/http/route";

export const GET = httpHandler(async (_request, ctx, { kind = "", namespace = "", name = "" }) => {
  const { file, yaml } = await exportEntity(ctx, { kind, namespace, name });
  return new Response(yaml, { headers: { "content-type": "application/yaml; charset=utf-8", "content-disposition": `attachment; filename="${file.replace(/[^\w.-]/g, "_")}"` } });
});
