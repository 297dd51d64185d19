import { removeLocation } from "@/lib/catalog/mutations";
import { backstageLocation } from "@/lib/catalog/queries";
import { httpHandler, route } from "@/lib/core/http/route";

export const GET = route(backstageLocation);

export const DELETE = httpHandler(async (_request, ctx, { id = "" }) => {
  await removeLocation(ctx, { id });
  return new Response(null, { status: 204 });
});
