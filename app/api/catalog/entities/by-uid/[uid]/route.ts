import { deleteEntity } from "@/lib/catalog/mutations";
import { backstageEntityByUid } from "@/lib/catalog/queries";
import { httpHandler, route } from "@/lib/core/http/route";

export const GET = route(backstageEntityByUid);

export const DELETE = httpHandler(async (_request, ctx, { uid = "" }) => {
  const { kind, metadata } = await backstageEntityByUid(ctx, { uid });
  await deleteEntity(ctx, { kind, namespace: metadata.namespace, name: metadata.name });
  return new Response(null, { status: 204 });
});
