"use client";

import dynamic from "next/dynamic";
import { Drawing } from "@/components/ui/drawing";
import type { TelemetrySummary } from "@/lib/telemetry/contract";

const TrafficCharts = dynamic(() => import("@/components/charts/traffic-charts").then((module) => module.TrafficCharts), {
  ssr: false,
  loading: () => <Drawing className="tiles h-[180px]" />,
});

const LONG_SECONDS = 3600;
const rounded = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10);
function shown(value: number | null): string {
  if (value === null) return "—";
  if (value >= 10) return String(Math.round(value));
  return String(Number(value.toFixed(value >= 1 ? 1 : 2)));
}

/** Requests, errors and response times of the window; dashed lines are deployments. */
export function RequestCharts({ summary, marks }: { summary: TelemetrySummary; marks: string[] }) {
  const { total, points, stepSeconds, from, to } = summary;
  const minutes = Math.max(1, (Date.parse(to) - Date.parse(from)) / 60_000);
  const latest = {
    requests: shown(total.requests / minutes),
    errors: total.errorShare === null ? "—" : (100 * total.errorShare).toFixed(1),
    p95: shown(total.p95Ms),
    p50: shown(total.p50Ms),
  };
  return (
    <TrafficCharts
      points={points.map((point) => ({
        minute: point.at,
        requests: rounded(point.requests / (stepSeconds / 60)) ?? 0,
        errorShare: point.errorShare === null ? null : rounded(100 * point.errorShare),
        p50Ms: rounded(point.p50Ms),
        p95Ms: rounded(point.p95Ms),
      }))}
      latest={latest}
      marks={marks}
      isLong={stepSeconds > LONG_SECONDS}
    />
  );
}
