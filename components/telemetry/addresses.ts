import { pick, text } from "@/lib/core/search-params";
import { TRACE_KINDS } from "@/lib/telemetry/contract";

export const RANGES = ["1h", "24h", "7d"] as const;
export type Range = (typeof RANGES)[number];

const HOURS: Record<Range, number> = { "1h": 1, "24h": 24, "7d": 7 * 24 };

/** What a telemetry page shows, as its address has it. */
export interface TelemetryView {
  range: Range;
  route: string | undefined;
  only: (typeof TRACE_KINDS)[number] | undefined;
  environment: string | undefined;
  cursor: string | undefined;
}

/** Reads the view from an address' parameters. */
export function readView(query: Record<string, string | string[] | undefined>): TelemetryView {
  return {
    range: pick(query.range, RANGES) ?? "1h",
    route: text(query.route),
    only: pick(query.only, TRACE_KINDS),
    environment: text(query.environment),
    cursor: text(query.cursor),
  };
}

/** Since when the view shows. */
export const startOf = ({ range }: TelemetryView, now: Date): string => new Date(now.getTime() - HOURS[range] * 3_600_000).toISOString();

/** The address of a view; what is left out stays as it is, a change begins at the first page. */
export function viewHref(base: string, view: TelemetryView, change: Partial<TelemetryView>): string {
  const { range, ...rest } = { ...view, cursor: undefined, ...change };
  const [path = "", query = ""] = base.split("?");
  const params = new URLSearchParams(query);
  if (range !== "1h") params.set("range", range);
  for (const [name, value] of Object.entries(rest)) if (value) params.set(name, value);
  const said = params.toString();
  return said ? `${path}?${said}` : path;
}
