import { z } from "zod";

const Moment = z.iso.datetime({ offset: true, error: "Give a moment such as 2026-11-24T12:00:00Z." });
const about = {
  /** The service, for example `component:default/checkout-api`. */
  entityRef: z.string().trim().toLowerCase().max(256).optional(),
  environmentId: z.string().max(64).optional(),
};
/** Only what a service sent from the environment of this name. */
const environment = z.string().max(100).optional();
const window = { from: Moment.optional(), to: Moment.optional() };
const ONE_OF = "Name either entityRef or environmentId.";
const oneOf = ({ entityRef, environmentId }: { entityRef?: string | undefined; environmentId?: string | undefined }) => (entityRef === undefined) !== (environmentId === undefined);

export const TelemetrySummaryInput = z.strictObject({ ...about, ...window, environment, route: z.string().max(200).optional() }).refine(oneOf, ONE_OF);

export const TRACE_KINDS = ["errors", "slow"] as const;

export const TraceListInput = z
  .strictObject({
    ...about,
    ...window,
    environment,
    route: z.string().max(200).optional(),
    /** `errors`: with a failed span; `slow`: of a second and more. */
    only: z.enum(TRACE_KINDS).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(25),
    cursor: z.string().max(200).optional(),
  })
  .refine(oneOf, ONE_OF);

export const TraceInput = z.strictObject({ traceId: z.string().regex(/^[0-9a-f]{32}$/, "A trace id has 32 hex digits.") });

/** Requests of a stretch of time, or of a route. */
export interface RequestFigures {
  requests: number;
  errors: number;
  /** 0–1; null without requests. */
  errorShare: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
}

export interface TelemetryPoint extends RequestFigures {
  /** When the stretch begins. */
  at: string;
}

/** Somebody that sends: an environment here, or a service that runs elsewhere. */
export interface TelemetrySource {
  environmentId: string | null;
  /** `deployment.environment.name` */
  environment: string;
  service: string;
  version: string | null;
  lastSpanAt: string | null;
  lastMetricAt: string | null;
  lastLogAt: string | null;
  /** When something of it was last refused, and why. */
  refused: { at: string; because: string } | null;
}

/** The newest figures of the process, where they are sent; null where not. */
export interface ProcessFigures {
  /** 1 = one CPU. */
  cpu: number | null;
  memoryBytes: number | null;
  eventLoopDelayMs: number | null;
  at: string;
}

export interface TelemetrySummary {
  from: string;
  to: string;
  stepSeconds: number;
  total: RequestFigures;
  points: TelemetryPoint[];
  /** The most asked first. */
  routes: ({ route: string } & RequestFigures)[];
  sources: TelemetrySource[];
  process: ProcessFigures | null;
}

export interface TraceItem {
  traceId: string;
  name: string;
  route: string | null;
  startedAt: string;
  durationMs: number;
  statusCode: number | null;
  isError: boolean;
  spans: number;
  service: string;
  environment: string;
  environmentId: string | null;
}

export const SPAN_KINDS = ["internal", "internal", "server", "client", "producer", "consumer"] as const;

export interface TraceSpan {
  id: string;
  /** Null for one whose parent was not kept. */
  parentId: string | null;
  /** How many spans are above it. */
  depth: number;
  name: string;
  kind: (typeof SPAN_KINDS)[number];
  /** Milliseconds after the trace began. */
  startMs: number;
  durationMs: number;
  isError: boolean;
  message: string | null;
  service: string;
  environment: string;
  attributes: Record<string, string | number | boolean>;
  events: { name: string; atMs: number; attributes: Record<string, string | number | boolean> }[];
}

export interface TraceLog {
  at: string;
  spanId: string | null;
  level: "info" | "warn" | "error";
  text: string;
}

export interface Trace {
  traceId: string;
  name: string;
  startedAt: string;
  durationMs: number;
  isError: boolean;
  services: { service: string; environment: string; environmentId: string | null; entityRef: string | null }[];
  spans: TraceSpan[];
  logs: TraceLog[];
}

/** Whether telemetry of an environment arrives, and if not, why. */
export interface TelemetryCheck {
  state: "arrives" | "quiet" | "silent" | "elsewhere" | "off";
  /** What is the case, in one sentence. */
  summary: string;
  /** What to do; null when nothing is to be done. */
  nextAction: string | null;
  /** Where the process sends; null where it is told nothing or does not run. */
  endpoint: string | null;
  parts: { name: string; state: "ok" | "bad" | "unknown"; detail: string }[];
}
