import { backstageByRefs } from "@/lib/catalog/queries";
import { readJson } from "@/lib/core/http/body";
import { httpHandler } from "@/lib/core/http/route";

type Input = Parameters<typeof backstageByRefs>[1];

export const POST = httpHandler(async (request, ctx) => {
  const filter = new URL(request.url).searchParams.getAll("filter");
  return Response.json(await backstageByRefs(ctx, { ...(await readJson(request)), filter } as Input));
});
