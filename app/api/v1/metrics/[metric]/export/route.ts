import type { z } from "zod";
import { csvLine } from "@/lib/core/csv";
import { dateFormat } from "@/lib/core/date-format";
import { httpHandler } from "@/lib/core/http/route";
import type { MetricInput } from "@/lib/metrics/contract";
import { getMetric, listAnnotations } from "@/lib/metrics/queries";

const COLUMNS = ["metric", "node", "data", "from", "to", "partial", "value", "unit", "n", "p75", "p90", "failed_attempts", "no_value_because", "what_happened"];
const cell = (value: number | null | undefined) => (value === null || value === undefined ? null : String(value));

export const GET = httpHandler(async (request, ctx, params) => {
  const input = { ...Object.fromEntries(new URL(request.url).searchParams), ...params } as z.input<typeof MetricInput>;
  const { metric, node, data, unit, series, window } = await getMetric(ctx, input);
  const { items: annotations } = await listAnnotations(ctx, { node, data, from: input.from, to: input.to });
  const keyOf = (iso: string) => dateFormat("en-CA", { timeZone: window.timeZone }).format(new Date(iso));
  const happened = (point: (typeof series)[number]) => annotations.filter(({ day }) => day >= keyOf(point.from) && day < keyOf(point.to)).map(({ day, text }) => `${day} ${text}`);
  const rows = series.map((point) => [
    metric,
    node,
    data,
    point.from,
    point.to,
    String(point.partial),
    cell(point.value),
    unit,
    cell(point.n),
    cell(point.p75),
    cell(point.p90),
    cell(point.failedAttempts),
    point.insufficient ?? null,
    happened(point).join("; ") || null,
  ]);
  const body = [COLUMNS, ...rows].map(csvLine).join("");
  return new Response(body, { headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": `attachment; filename="waymark-${metric}.csv"` } });
});
