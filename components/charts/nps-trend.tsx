"use client";

import { Area, CartesianGrid, ComposedChart, ErrorBar, Line, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";

export interface NpsTrendPoint {
  /** Name of the month on the axis, unique in the chart. */
  label: string;
  value: number | null;
  band: [number, number] | null;
  n: number;
}

const axis = { tickLine: false, axisLine: false, tick: { fontSize: 11, fill: "var(--muted-foreground)" } };
const signed = (value: number) => (value > 0 ? `+${value}` : value < 0 ? `−${Math.abs(value)}` : "0");

const reach = ({ value, band }: NpsTrendPoint): [number, number] => (value === null || !band ? [0, 0] : [value - band[0], band[1] - value]);

const ROOM = 3;

/** Beside its line, away from the nearer edge; left out where the next line would run through it. */
function markLabel(mark: { label: string; title: string }, marks: { label: string }[], points: NpsTrendPoint[]) {
  const placeOf = (label: string) => points.findIndex((point) => point.label === label);
  const place = placeOf(mark.label);
  if (marks.some((other) => placeOf(other.label) > place && placeOf(other.label) - place < ROOM)) return undefined;
  return {
    className: "mark-label",
    value: mark.title,
    position: place > points.length / 2 ? ("insideTopRight" as const) : ("insideTopLeft" as const),
    fontSize: 11,
    fill: "var(--muted-foreground)",
  };
}

/** Score by month with its 95 % interval. A month without a score is a gap. Dashed lines mark what was changed. */
export function NpsTrend({ points, marks, height = 176 }: { points: NpsTrendPoint[]; marks: { label: string; title: string }[]; height?: number }) {
  // A band needs neighbours; with one or two surveys the interval is drawn at each.
  const isShort = points.length < 3;
  const byLabel = new Map(points.map((point) => [point.label, point]));
  const shown = points.flatMap((point) => point.band ?? []);
  const low = Math.floor(Math.min(0, ...shown) / 20) * 20;
  const high = Math.ceil(Math.max(20, ...shown) / 20) * 20;
  const words = points.map((point) => `${point.label} ${point.value === null ? "no score" : signed(point.value)}`).join(", ");
  return (
    <div role="img" aria-label={`NPS by month: ${words}`}>
      <ComposedChart data={points} responsive style={{ width: "100%", height }} margin={{ top: 16, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
        <XAxis dataKey="label" minTickGap={16} {...axis} />
        <YAxis width={36} domain={[low, high]} tickCount={(high - low) / 20 + 1} tickFormatter={signed} {...axis} />
        <ReferenceLine y={0} stroke="var(--border-strong)" />
        {marks.map((mark) => (
          <ReferenceLine key={mark.title} x={mark.label} stroke="var(--border-strong)" strokeDasharray="2 3" label={markLabel(mark, marks, points)} />
        ))}
        <Area dataKey="band" stroke="none" fill="var(--chart-band)" isAnimationActive={false} connectNulls={false} activeDot={false} />
        <Line dataKey="value" stroke="var(--chart-1)" strokeWidth={1.75} dot={isShort} isAnimationActive={false} connectNulls={false}>
          {isShort ? <ErrorBar dataKey={reach} direction="y" width={6} stroke="var(--chart-2)" strokeWidth={1.25} /> : null}
        </Line>
        <Tooltip
          isAnimationActive={false}
          content={({ label }) => {
            const point = byLabel.get(String(label));
            if (!point) return null;
            return (
              <div className="tip">
                <span className="strong">{point.label}</span>
                <span>{point.value === null || !point.band ? "No score" : `${signed(point.value)}, ${signed(point.band[0])} to ${signed(point.band[1])}, ${point.n} answers`}</span>
              </div>
            );
          }}
        />
      </ComposedChart>
    </div>
  );
}
