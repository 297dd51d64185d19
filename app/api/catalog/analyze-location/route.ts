import { backstageAnalysis } from "@/lib/catalog/queries";
import { readJson } from "@/lib/core/http/body";
import { httpHandler } from "@/lib/core/http/route";

type Input = Parameters<typeof backstageAnalysis>[1];

export const POST = httpHandler(async (request, ctx) => Response.json(await backstageAnalysis(ctx, (await readJson(request)) as Input)));
