"use client";

import type { ReactElement } from "react";
import { Bar, BarChart, CartesianGrid, Line, LineChart, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";

export interface TrafficChartPoint {
  /** When the stretch begins. */
  minute: string;
  /** Per minute. */
  requests: number;
  errorShare: number | null;
  p95Ms: number | null;
  p50Ms?: number | null;
}

const clock = (minute: string) => minute.slice(11, 16);
const dayAndClock = (minute: string) => `${Number(minute.slice(8, 10))}/${Number(minute.slice(5, 7))} ${clock(minute)}`;
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

const NAMES: Record<string, string> = { p50Ms: "p50 ", p95Ms: "p95 " };

const parts = (unit: string, { points, marks, isLong }: { points: TrafficChartPoint[]; marks: string[]; isLong: boolean }) => [
  <CartesianGrid key="grid" vertical={false} stroke="var(--chart-grid)" />,
  <XAxis key="x" dataKey="minute" tickFormatter={isLong ? dayAndClock : clock} minTickGap={80} {...axis} />,
  <YAxis key="y" width={40} tickCount={3} {...axis} />,
  <Tooltip
    key="tip"
    labelFormatter={(minute) => `${(isLong ? dayAndClock : clock)(String(minute))} UTC`}
    formatter={(value, name) => [`${NAMES[String(name)] ?? ""}${value} ${unit}`, ""]}
    separator=""
    isAnimationActive={false}
    contentStyle={{ background: "var(--surface)", border: "1px solid var(--border)", borderRadius: 6, fontSize: 12 }}
  />,
  ...[...new Set(marks.flatMap((at) => points.findLast((point) => point.minute <= at)?.minute ?? []))].map((at) => (
    <ReferenceLine key={`mark ${at}`} x={at} stroke="var(--border-strong)" strokeDasharray="2 3" />
  )),
];

/** A dot only where a value has no neighbour to draw a line to. */
function Alone({ cx, cy, index = 0, values }: { cx?: number; cy?: number; index?: number; values: (number | null)[] }) {
  const isAlone = values[index] !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
  return isAlone && cx !== undefined && cy !== undefined ? <circle cx={cx} cy={cy} r={2} fill="var(--chart-1)" /> : null;
}

interface Props {
  points: TrafficChartPoint[];
  /** Of the newest stretch, or of the whole window. */
  latest: { requests: string; errors: string; p95: string; p50?: string };
  /** Moments that are marked: deployments. */
  marks?: string[];
  /** The axis names days too. */
  isLong?: boolean;
}

/** Requests, error share and response time. A stretch without requests is a gap, not a zero. */
export function TrafficCharts({ points, latest, marks = [], isLong = false }: Props) {
  const size = { responsive: true, style: { width: "100%", height: 96 } };
  const frame = { points, marks, isLong };
  const line = (key: "requests" | "p50Ms" | "p95Ms") => ({
    dataKey: key,
    strokeWidth: 1.75,
    dot: <Alone values={points.map((point) => point[key] ?? null)} />,
    isAnimationActive: false,
    connectNulls: false,
  });
  return (
    <div className="tiles">
      <Tile title="Requests per minute" value={latest.requests}>
        <LineChart data={points} {...size}>
          {parts("per minute", frame)}
          <Line {...line("requests")} stroke="var(--chart-1)" />
        </LineChart>
      </Tile>
      <Tile title="Errors, share of requests" value={latest.errors} unit="%">
        <BarChart data={points} {...size}>
          {parts("%", frame)}
          <Bar dataKey="errorShare" fill="var(--chart-1)" isAnimationActive={false} />
        </BarChart>
      </Tile>
      <Tile
        title={latest.p50 === undefined ? "Response time, p95" : "Response time, p95 and p50"}
        value={latest.p95}
        unit={latest.p50 === undefined ? "ms" : `ms, p50 ${latest.p50} ms`}
      >
        <LineChart data={points} {...size}>
          {parts("ms", frame)}
          {latest.p50 === undefined ? null : <Line {...line("p50Ms")} stroke="var(--chart-2)" strokeWidth={1.25} />}
          <Line {...line("p95Ms")} stroke="var(--chart-1)" />
        </LineChart>
      </Tile>
    </div>
  );
}
