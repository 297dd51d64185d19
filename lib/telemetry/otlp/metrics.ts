import { KEEP_HOURS, MAX_AHEAD_MS } from "../limits";
import { type FromResource, type Refused, readResources } from "./read";
import { attributesOf, field, listIn, millisOf, numberOf } from "./values";

export interface Reading {
  name: KeptName;
  atMs: number;
  value: number;
}

/** What is kept, by the names of OpenTelemetry's semantic conventions that say it. Everything else proves that metrics arrive. */
export const KEPT = {
  cpu: { names: ["process.cpu.utilization"], adds: true },
  memory: { names: ["process.memory.usage"], adds: true },
  "event-loop": { names: ["nodejs.eventloop.delay.p99"], adds: false },
} as const;
export type KeptName = keyof typeof KEPT;

function pointsOf(metric: unknown): unknown[] | null {
  for (const kind of ["gauge", "sum", "histogram", "exponentialHistogram", "summary"]) {
    const data = field(metric, kind);
    if (data !== undefined && data !== null) return listIn(data, "dataPoints");
  }
  return [];
}

function pointValue(point: unknown): number | null {
  return point !== null && typeof point === "object" && Object.hasOwn(point, "asInt") ? numberOf(field(point, "asInt")) : numberOf(field(point, "asDouble"));
}

function readMetric(value: unknown, nowMs: number): Reading[] | string {
  const name = field(value, "name");
  if (typeof name !== "string" || name === "") return "A metric has no name.";
  const points = pointsOf(value);
  if (!points) return `The data points of ${JSON.stringify(name.slice(0, 60))} are not a list.`;
  const kept = (Object.keys(KEPT) as KeptName[]).find((one) => (KEPT[one].names as readonly string[]).includes(name));
  if (!kept) return [];
  // One figure for the process: shares of user and system time add up.
  const byMoment = new Map<number, number>();
  for (const point of points) {
    const [atMs, number] = [millisOf(field(point, "timeUnixNano")), pointValue(point)];
    if (atMs === null || number === null || attributesOf(listIn(point, "attributes") ?? [])["cpu.mode"] === "idle") continue;
    if (atMs < nowMs - KEEP_HOURS * 3_600_000 || atMs > nowMs + MAX_AHEAD_MS) continue;
    byMoment.set(atMs, KEPT[kept].adds ? (byMoment.get(atMs) ?? 0) + number : number);
  }
  return [...byMoment].map(([atMs, number]) => ({ name: kept, atMs, value: number }));
}

/** The readings of a request that are kept. Throws Malformed. */
export const readReadings = (request: unknown, nowMs: number, refused: Refused): FromResource<Reading>[] =>
  readResources("metrics", request, (value) => readMetric(value, nowMs), refused);
