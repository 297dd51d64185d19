import { changeLocation, removeLocation } from "@/lib/catalog/mutations";
import { backstageLocation } from "@/lib/catalog/queries";
import { readJson } from "@/lib/core/http/body";
import { httpHandler, route } from "@/lib/core/http/route";

type Change = Parameters<typeof changeLocation>[1];

export const GET = route(backstageLocation);

/** As in Backstage: the location as it is now; what the new address holds appears a moment later. */
export const PUT = httpHandler(async (request, ctx, { id = "" }) => {
  const { target, type } = await readJson(request);
  const { location } = await changeLocation(ctx, { id, target, type } as Change);
  return Response.json({ id: location.id, type: location.type, target: location.target });
});

export const DELETE = httpHandler(async (_request, ctx, { id = "" }) => {
  await removeLocation(ctx, { id });
  return new Response(null, { status: 204 });
});
