"use client";

import { Area, AreaChart, CartesianGrid, Tooltip, XAxis, YAxis } from "recharts";
import { dateFormat } from "@/lib/core/date-format";

export interface LevelTrendPoint {
  /** Midnight of the day, epoch milliseconds. */
  at: number;
  title: string;
  /** Per series, in their order. */
  counts: number[];
}

interface Props {
  /** Lowest first; `share` is how much ink it has, 0 to 1. */
  series: { name: string; share: number }[];
  points: LevelTrendPoint[];
  /** Read out instead of the drawing. */
  label: string;
}

const axis = { tickLine: false, axisLine: false, tick: { fontSize: 11, fill: "var(--muted-foreground)" } };
const inkOf = (share: number) => `color-mix(in srgb, var(--chart-1) ${Math.round(share * 100)}%, var(--surface))`;
const monthOf = (at: number) => dateFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(at);

/** How many are at each level over time, the highest at the bottom: what grows, grows from the axis. */
export function LevelTrend({ series, points, label }: Props) {
  const data = points.map(({ at, title, counts }) => ({ at, title, ...Object.fromEntries(counts.map((n, index) => [`s${index}`, n])) }));
  const most = Math.max(1, ...points.map(({ counts }) => counts.reduce((sum, n) => sum + n, 0)));
  return (
    <div role="img" aria-label={label}>
      <AreaChart data={data} responsive style={{ width: "100%", height: 176 }} margin={{ top: 6, right: 6, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
        <XAxis dataKey="at" type="number" scale="time" domain={["dataMin", "dataMax"]} tickFormatter={monthOf} minTickGap={48} {...axis} />
        <YAxis width={34} ticks={[...new Set([0, Math.round(most / 2), most])]} domain={[0, most]} {...axis} />
        {series
          .map(({ name, share }, index) => (
            <Area
              key={name}
              dataKey={`s${index}`}
              name={name}
              stackId="all"
              type="stepAfter"
              stroke="var(--chart-1)"
              strokeWidth={1}
              fill={inkOf(share)}
              fillOpacity={1}
              isAnimationActive={false}
              activeDot={false}
            />
          ))
          .reverse()}
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: "var(--border-strong)" }}
          content={({ active, payload }) => {
            const at = (payload?.[0]?.payload as { at?: number } | undefined)?.at;
            const point = points.find((one) => one.at === at);
            if (!active || !point) return null;
            return (
              <div className="chart-tip">
                <span className="strong">{point.title}</span>
                {series
                  .map(({ name }, index) => (
                    <span key={name}>
                      {point.counts[index] ?? 0} {name}
                    </span>
                  ))
                  .reverse()}
              </div>
            );
          }}
        />
      </AreaChart>
    </div>
  );
}
