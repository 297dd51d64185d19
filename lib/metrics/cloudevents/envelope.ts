import { z } from "zod";
import { DomainError, type FieldError } from "@/lib/core/errors";
import { CommitRow, DeploymentRow, IncidentRow, PullRequestRow } from "../contract";
import { faultInWords } from "../webhooks/faults";
import { faultsOf } from "./schema-check";

/** Types of Waymark's own events; `data` is a row of the API of that name. */
export const OWN_TYPES = {
  "dev.waymark.deployment": DeploymentRow,
  "dev.waymark.commit": CommitRow,
  "dev.waymark.pull-request": PullRequestRow,
  "dev.waymark.incident": IncidentRow,
} as const;
export type OwnType = keyof typeof OWN_TYPES;

/** A CloudEvent 1.0 in its JSON form. */
export const CloudEvent = z.looseObject(
  {
    specversion: z.literal("1.0", { error: "Send CloudEvents 1.0." }),
    id: z.string({ error: "Every event needs an id." }).min(1, "Every event needs an id.").max(200),
    source: z.string({ error: "Every event names its source." }).min(1, "Every event names its source.").max(500),
    type: z.string({ error: "Every event names its type." }).min(1, "Every event names its type.").max(200),
    time: z.string().max(60).optional(),
    data: z.unknown().optional(),
  },
  { error: "An event is an object with specversion, id, source, type and data." },
);
export type CloudEvent = z.output<typeof CloudEvent>;

const Context = z.looseObject({ id: z.string().min(1).max(200), source: z.string().min(1).max(500), type: z.string().max(200), timestamp: z.string().max(60) });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** A CDEvent that comes without an envelope gets the one that its binding prescribes; what has one stays. */
export function inEnvelope(value: unknown): unknown {
  if (!isObject(value)) return value;
  if ("specversion" in value) return withData(value);
  if (!isObject(value.context)) return value;
  const context = Context.safeParse(value.context);
  if (!context.success)
    throw invalid(
      "",
      context.error.issues.map((issue) => ({ path: `context.${issue.path.join(".")}`, message: faultInWords(issue) })),
    );
  const { id, source, type, timestamp } = context.data;
  return { specversion: "1.0", id, source, type, time: timestamp, data: value };
}

/** Senders that hold their data as bytes put JSON into `data_base64` too; what is not JSON stays as it came. */
function withData(event: Record<string, unknown>): Record<string, unknown> {
  const { data_base64: bytes, ...rest } = event;
  if ("data" in event || typeof bytes !== "string") return event;
  try {
    return { ...rest, data: JSON.parse(Buffer.from(bytes, "base64").toString("utf8")) as unknown };
  } catch {
    return event;
  }
}

/** Throws DomainError("invalid") unless the data are what the event's type says: CDEvents by their schema, our own by our rows. */
export function checkData(event: CloudEvent, at: string): void {
  const own = OWN_TYPES[event.type as OwnType];
  if (own) {
    const parsed = own.safeParse(event.data);
    if (!parsed.success)
      throw invalid(
        at,
        parsed.error.issues.map((issue) => ({ path: ["data", ...issue.path].join("."), message: faultInWords(issue) })),
      );
    return;
  }
  if (!event.type.startsWith("dev.cdevents.")) return;
  const data = event.data;
  if (!isObject(data) || !isObject(data.context) || !isObject(data.subject)) throw invalid(at, [{ path: "data", message: "A CDEvent has context and subject." }]);
  if (data.context.type !== event.type) throw invalid(at, [{ path: "type", message: "It differs from data.context.type." }]);
  const faults = faultsOf(event.type, data);
  if (faults.length)
    throw invalid(
      at,
      faults.map(({ path, message }) => ({ path: `data.${path}`, message })),
    );
}

function invalid(at: string, fields: FieldError[]): DomainError {
  const named = fields.slice(0, 20).map(({ path, message }) => ({ path: at ? `${at}.${path}` : path, message }));
  return new DomainError("invalid", `${named[0]?.path ?? ""}: ${named[0]?.message ?? "The event is invalid."}`, { fields: named });
}
