"use client";

import type { ReactElement } from "react";
import { Bar, BarChart, CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from "recharts";

export interface TrafficChartPoint {
  minute: string;
  requests: number;
  errorShare: number | null;
  p95Ms: number | null;
}

const clock = (minute: string) => minute.slice(11, 16);
const axis = { tickLine: false, axisLine: false, tick: { fontSize: 11, fill: "var(--muted-foreground)" } };

function Tile({ title, value, unit, children }: { title: string; value: string; unit?: string; children: ReactElement }) {
  return (
    <div className="tile">
      <span className="muted">{title}</span>
      <span className="number">
        {value} {unit && value !== "—" ? <small>{unit}</small> : null}
      </span>
      {children}
    </div>
  );
}

const parts = (unit: string) => [
  <CartesianGrid key="grid" vertical={false} stroke="var(--chart-grid)" />,
  <XAxis key="x" dataKey="minute" tickFormatter={clock} minTickGap={80} {...axis} />,
  <YAxis key="y" width={40} tickCount={3} {...axis} />,
  <Tooltip
    key="tip"
    labelFormatter={(minute) => `${clock(String(minute))} UTC`}
    formatter={(value) => [`${value} ${unit}`, ""]}
    separator=""
    isAnimationActive={false}
    contentStyle={{ background: "var(--surface)", border: "1px solid var(--border)", borderRadius: 6, fontSize: 12 }}
  />,
];

/** Requests, error share and response time per minute. A minute without requests is a gap, not a zero. */
export function TrafficCharts({ points, latest }: { points: TrafficChartPoint[]; latest: { requests: string; errors: string; p95: string } }) {
  const size = { responsive: true, style: { width: "100%", height: 96 } };
  return (
    <div className="tiles">
      <Tile title="Requests per minute" value={latest.requests}>
        <LineChart data={points} {...size}>
          {parts("per minute")}
          <Line dataKey="requests" stroke="var(--chart-1)" strokeWidth={1.75} dot={false} isAnimationActive={false} />
        </LineChart>
      </Tile>
      <Tile title="Errors, share of requests" value={latest.errors} unit="%">
        <BarChart data={points} {...size}>
          {parts("%")}
          <Bar dataKey="errorShare" fill="var(--chart-1)" isAnimationActive={false} />
        </BarChart>
      </Tile>
      <Tile title="Response time, p95" value={latest.p95} unit="ms">
        <LineChart data={points} {...size}>
          {parts("ms")}
          <Line dataKey="p95Ms" stroke="var(--chart-1)" strokeWidth={1.75} dot={false} connectNulls={false} isAnimationActive={false} />
        </LineChart>
      </Tile>
    </div>
  );
}
