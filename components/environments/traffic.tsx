"use client";

import dynamic from "next/dynamic";
import { Drawing } from "@/components/ui/drawing";
import type { TrafficPoint } from "@/lib/environments/contract";

const TrafficCharts = dynamic(() => import("@/components/charts/traffic-charts").then((module) => module.TrafficCharts), {
  ssr: false,
  loading: () => <Drawing className="tiles h-[180px]" />,
});

const MINUTES = 120;
const MINUTE_MS = 60_000;

/** Every minute of the window; those without requests have no share and no response time. */
function filled(points: TrafficPoint[], now: string) {
  const known = new Map(points.map((point) => [Date.parse(point.minute), point]));
  const last = Math.floor(Date.parse(now) / MINUTE_MS) * MINUTE_MS;
  return Array.from({ length: MINUTES }, (_, index) => {
    const at = last - (MINUTES - 1 - index) * MINUTE_MS;
    const point = known.get(at);
    return {
      minute: new Date(at).toISOString(),
      requests: point?.requests ?? 0,
      errorShare: point?.requests ? Math.round((1000 * point.errors) / point.requests) / 10 : null,
      p95Ms: point?.p95Ms ?? null,
    };
  });
}

export function Traffic({ points, now }: { points: TrafficPoint[]; now: string }) {
  const recent = points.slice(-5);
  const requests = recent.reduce((sum, point) => sum + point.requests, 0);
  const errors = recent.reduce((sum, point) => sum + point.errors, 0);
  const last = points.at(-1);
  const latest = {
    requests: last ? String(last.requests) : "—",
    errors: requests ? ((100 * errors) / requests).toFixed(1) : "—",
    p95: last?.p95Ms === null || last?.p95Ms === undefined ? "—" : String(Math.round(last.p95Ms)),
  };
  return (
    <section>
      <div className="section-head">
        <h2>
          Traffic <span className="muted">last 2 h, per minute</span>
        </h2>
        <span className="muted desk">Measured by the platform, nothing to install</span>
      </div>
      {points.length === 0 ? (
        <div className="panel panel-body muted">No requests in the last two hours. Open the address and they show up here within a minute.</div>
      ) : (
        <TrafficCharts points={filled(points, now)} latest={latest} />
      )}
    </section>
  );
}
