"use client";

import { useRouter } from "next/navigation";
import { Area, Bar, BarChart, CartesianGrid, Cell, ComposedChart, ErrorBar, Line, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";

export interface TrendPoint {
  key: string;
  /** Below the axis. */
  label: string;
  /** In the tooltip. */
  title: string;
  words: string;
  value: number | null;
  /** The band above a line, or the interval of a share. */
  low: number | null;
  high: number | null;
  /** How many of a bar repaired. */
  rework: number;
  partial: boolean;
  href: string;
  /** What happened in it. */
  marks: string[];
}

interface Props {
  kind: "line" | "bars" | "intervals";
  unit: string;
  points: TrendPoint[];
  selected: string | null;
  /** Read out instead of the drawing. */
  label: string;
}

const HEIGHT = 148;
const axis = { tickLine: false, axisLine: false, tick: { fontSize: 11, fill: "var(--muted-foreground)" } };

/** One value per period. A period without a value is a gap, the one in progress is dashed. A click opens what is behind a point. */
export function TrendChart({ kind, unit, points, selected, label }: Props) {
  const router = useRouter();
  const lastFull = points.findLastIndex((point) => !point.partial && point.value !== null);
  const data = points.map((point, index) => ({
    ...point,
    full: point.partial ? null : point.value,
    open: point.partial || index === lastFull ? point.value : null,
    band: point.low !== null && point.high !== null && point.high > point.low ? [point.low, point.high] : null,
    planned: point.value === null ? null : point.value - point.rework,
  }));
  const open = (state: { activeIndex?: unknown }) => {
    const point = points[Number(state.activeIndex ?? Number.NaN)];
    if (point) router.push(point.href, { scroll: false });
  };
  const common = {
    data,
    responsive: true,
    style: { width: "100%", height: HEIGHT, cursor: "pointer" },
    onClick: open,
    margin: { top: 6, right: 6, bottom: 0, left: 0 },
    title: label,
  };
  const parts = [
    <CartesianGrid key="grid" vertical={false} stroke="var(--chart-grid)" />,
    <XAxis key="x" dataKey="key" tickFormatter={(key) => points.find((point) => point.key === key)?.label ?? ""} minTickGap={44} {...axis} />,
    <YAxis key="y" width={34} tickCount={3} allowDecimals={false} domain={[0, "auto"]} unit={unit === "%" ? "%" : ""} {...axis} />,
    <Tooltip key="tip" isAnimationActive={false} cursor={{ stroke: "var(--border-strong)", fill: "var(--muted)" }} content={<Tip />} />,
    ...points
      .filter((point) => point.marks.length > 0)
      .map((point) => (
        <ReferenceLine
          key={`mark ${point.key}`}
          x={point.key}
          stroke="none"
          label={{ value: "▾", position: "insideTop", offset: -6, fontSize: 11, fill: "var(--muted-foreground)" }}
        />
      )),
    selected && points.some((point) => point.key === selected) ? <ReferenceLine key="selected" x={selected} stroke="var(--border-strong)" strokeDasharray="2 2" /> : null,
  ];
  const line = { stroke: "var(--chart-1)", strokeWidth: 1.75, isAnimationActive: false, connectNulls: false, type: "linear" as const };
  if (kind === "line") {
    return (
      <ComposedChart {...common}>
        {parts}
        <Area dataKey="band" stroke="none" fill="var(--chart-band)" isAnimationActive={false} connectNulls={false} activeDot={false} />
        <Line dataKey="full" {...line} dot={<Alone all={data} />} activeDot={{ r: 3, fill: "var(--chart-1)" }} />
        <Line dataKey="open" {...line} strokeDasharray="3 3" dot={false} activeDot={false} />
      </ComposedChart>
    );
  }
  if (kind === "intervals") {
    return (
      <ComposedChart {...common}>
        {parts}
        <Line dataKey="value" {...line} strokeWidth={0} dot={{ r: 2, fill: "var(--chart-1)", stroke: "none", strokeWidth: 0 }} activeDot={{ r: 3, fill: "var(--chart-1)" }}>
          <ErrorBar dataKey={reach} direction="y" width={0} stroke="var(--chart-2)" strokeWidth={1} />
        </Line>
      </ComposedChart>
    );
  }
  return (
    <BarChart {...common}>
      {parts}
      <Bar dataKey="planned" stackId="all" isAnimationActive={false} fill="var(--chart-1)">
        {data.map((point) => (
          <Cell key={point.key} fill={point.partial ? "transparent" : "var(--chart-1)"} {...(point.partial ? { stroke: "var(--chart-1)", strokeDasharray: "2 2" } : {})} />
        ))}
      </Bar>
      <Bar dataKey="rework" stackId="all" isAnimationActive={false} fill="var(--chart-2)" />
    </BarChart>
  );
}

const reach = ({ value, low, high }: TrendPoint): [number, number] => (value === null || low === null || high === null ? [0, 0] : [value - low, high - value]);

/** A dot only where a value has no neighbour to draw a line to. */
function Alone({ cx, cy, index = 0, all }: { cx?: number; cy?: number; index?: number; all: { full: number | null }[] }) {
  const alone = all[index]?.full !== null && (all[index - 1]?.full ?? null) === null && (all[index + 1]?.full ?? null) === null;
  return alone && cx !== undefined && cy !== undefined ? <circle cx={cx} cy={cy} r={2} fill="var(--chart-1)" /> : null;
}

function Tip({ active, payload }: { active?: boolean; payload?: readonly { payload?: TrendPoint }[] }) {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  return (
    <div className="chart-tip">
      <span className="strong">{point.title}</span>
      {point.partial ? <span className="muted">in progress</span> : null}
      <span>{point.words}</span>
      {point.rework > 0 ? <span className="muted">{point.rework} of them repaired</span> : null}
      {point.marks.slice(0, 4).map((mark) => (
        <span key={mark} className="muted">
          ▾ {mark}
        </span>
      ))}
    </div>
  );
}
