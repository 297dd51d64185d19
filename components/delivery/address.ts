import { pick, text } from "@/lib/core/search-params";
import {
  DATA_KINDS,
  type DataKind,
  MEASURES,
  METRIC_GRAINS,
  METRICS,
  type MeasureName,
  type MetricGrain,
  type MetricName,
  ROW_SORTS,
  SPANS,
  type Span,
} from "@/lib/metrics/contract";

/** Everything that the page shows is in its address. */
export interface DeliveryAddress {
  /** Path of the page. */
  base: string;
  node?: string | undefined;
  service?: string | undefined;
  span: Span;
  by: MetricGrain;
  metric: MetricName;
  /** Further measures; left out: those chosen before. */
  measures?: MeasureName[] | undefined;
  /** First day of the selected point. */
  at?: string | undefined;
  view: "chart" | "table";
  data?: DataKind | undefined;
  sort: (typeof ROW_SORTS)[number];
  page: number;
}

type Params = Record<string, string | string[] | undefined>;

/** Reads the address; what is not understood is left out. */
export function readAddress(base: string, params: Params): DeliveryAddress {
  const at = text(params.at);
  const node = text(params.node);
  // Links may name a service as the node, as the API does; what is chosen stands in the list of services.
  const isService = node !== undefined && /^(?!group:)[^:]+:/i.test(node);
  return {
    base,
    node: isService ? undefined : node,
    service: text(params.service) ?? (isService ? node : undefined),
    span: pick(params.span, SPANS) ?? "12m",
    by: pick(params.by, METRIC_GRAINS) ?? "week",
    metric: pick(params.metric, METRICS) ?? "lead-time",
    measures: text(params.measures) === undefined ? undefined : MEASURES.filter((one) => text(params.measures)?.split(",").includes(one)),
    at: at && /^\d{4}-\d{2}-\d{2}$/.test(at) ? at : undefined,
    view: pick(params.view, ["chart", "table"] as const) ?? "chart",
    data: pick(params.data, DATA_KINDS),
    sort: pick(params.sort, ROW_SORTS) ?? "longest",
    page: Math.max(1, Math.min(1_000, Number(text(params.page)) || 1)),
  };
}

const DEFAULTS: Partial<Record<keyof DeliveryAddress, string | number>> = { span: "12m", by: "week", metric: "lead-time", view: "chart", sort: "longest", page: 1 };

/** The address with some of it changed; what is as by default is left out. */
export function addressWith(address: DeliveryAddress, change: Partial<DeliveryAddress>): string {
  const { base, ...rest } = { ...address, page: 1, ...change };
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) if (value !== undefined && value !== DEFAULTS[name as keyof DeliveryAddress]) params.set(name, String(value));
  const query = params.toString();
  return query ? `${base}?${query}` : base;
}
