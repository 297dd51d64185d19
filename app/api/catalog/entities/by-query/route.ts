import { backstagePage } from "@/lib/catalog/queries";
import { pageAddress } from "@/lib/core/http/backstage-address";
import { readJson } from "@/lib/core/http/body";
import { httpHandler } from "@/lib/core/http/route";

type Input = Parameters<typeof backstagePage>[1];

export const GET = httpHandler(async (request, ctx) => Response.json(await backstagePage(ctx, pageAddress(request.url))));

export const POST = httpHandler(async (request, ctx) => {
  const { orderBy, ...body } = await readJson(request);
  return Response.json(await backstagePage(ctx, { ...body, ...(orderBy ? { orderFields: orderBy } : {}) } as Input));
});
