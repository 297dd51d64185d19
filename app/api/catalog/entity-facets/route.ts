import { backstageFacets } from "@/lib/catalog/queries";
import { facetAddress } from "@/lib/core/http/backstage-address";
import { readJson } from "@/lib/core/http/body";
import { httpHandler } from "@/lib/core/http/route";

type Input = Parameters<typeof backstageFacets>[1];

export const GET = httpHandler(async (request, ctx) => Response.json(await backstageFacets(ctx, facetAddress(request.url))));
export const POST = httpHandler(async (request, ctx) => Response.json(await backstageFacets(ctx, (await readJson(request)) as Input)));
