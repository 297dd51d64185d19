import { systemCtx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { httpHandler, openHandler } from "@/lib/core/http/route";
import { equalSecrets } from "@/lib/core/secrets";
import { readMetrics } from "@/lib/platform/queries";

async function text(metrics: Promise<{ contentType: string; body: string }>): Promise<Response> {
  const { body, contentType } = await metrics;
  return new Response(body, { headers: { "content-type": contentType } });
}

const asPerson = httpHandler((_request, ctx) => text(readMetrics(ctx, {})));
const asScraper = openHandler(async () => text(readMetrics(await systemCtx("scraper"), {})));

export function GET(request: Request, context: { params: Promise<Record<string, string>> }): Promise<Response> {
  const { metricsToken } = env();
  const given = request.headers.get("authorization")?.replace(/^Bearer /i, "");
  return metricsToken && given && equalSecrets(given, metricsToken) ? asScraper(request) : asPerson(request, context);
}
