import type { StoredSpan } from "@/db/schema/telemetry";
import { MAX_AGE_MS, MAX_AHEAD_MS, MAX_EVENTS, MAX_NAME_CHARS, MAX_VALUE_CHARS } from "../limits";
import { type FromResource, type Refused, readResources } from "./read";
import { type Attributes, attributesOf, cleanText, field, hexId, listIn, millisOf, numberOf, optionalId } from "./values";

export interface Span extends StoredSpan {
  traceId: string;
  spanId: string;
  attributes: Attributes;
  /** The span above it is of the same process, as far as the sender says. */
  isInner: boolean;
}

export const SERVER = 2;
const ERROR = 2;
/** Of a span's flags: it is said whether the parent is remote, and it is. */
const [SAYS_WHERE_PARENT_IS, PARENT_IS_REMOTE] = [0x100, 0x200];

const isBelowOwn = (flags: number) => (flags & SAYS_WHERE_PARENT_IS) !== 0 && (flags & PARENT_IS_REMOTE) === 0;

function readEvents(span: unknown): NonNullable<StoredSpan["events"]> {
  return (listIn(span, "events") ?? []).slice(0, MAX_EVENTS).flatMap((event) => {
    const [at, name] = [millisOf(field(event, "timeUnixNano")), field(event, "name")];
    return at === null || typeof name !== "string" ? [] : [{ name: cleanText(name, MAX_NAME_CHARS), at, attributes: attributesOf(listIn(event, "attributes") ?? []) }];
  });
}

function readSpan(value: unknown, nowMs: number): Span[] | string {
  const traceId = hexId(field(value, "traceId"), 16);
  if (!traceId) return "A span's traceId is not 16 bytes (32 hex digits), or all of them are zero.";
  const spanId = hexId(field(value, "spanId"), 8);
  if (!spanId) return "A span's spanId is not 8 bytes (16 hex digits), or all of them are zero.";
  const parent = optionalId(field(value, "parentSpanId"), 8);
  if (parent === undefined) return "A span's parentSpanId is not 8 bytes (16 hex digits).";
  const [start, end] = [millisOf(field(value, "startTimeUnixNano")), millisOf(field(value, "endTimeUnixNano"))];
  if (start === null || end === null) return "A span has no startTimeUnixNano or no endTimeUnixNano.";
  if (end < start) return "A span ends before it begins.";
  if (end < nowMs - MAX_AGE_MS) return `A span ended more than ${MAX_AGE_MS / 60_000} minutes ago. Check the sender's clock and its queue.`;
  if (end > nowMs + MAX_AHEAD_MS) return "A span ends in the future. Check the sender's clock.";
  const [name, kind] = [field(value, "name"), numberOf(field(value, "kind") ?? 0)];
  if (typeof name !== "string") return "A span's name is not a text.";
  const attributes = listIn(value, "attributes");
  if (!attributes || kind === null) return "A span's attributes are not a list, or its kind is not a number.";
  const status = field(value, "status");
  const events = readEvents(value);
  const isError = numberOf(field(status, "code")) === ERROR;
  const message = field(status, "message");
  return [
    {
      traceId,
      spanId,
      ...(parent ? { parent } : {}),
      name: cleanText(name, MAX_NAME_CHARS) || "(without a name)",
      kind,
      start,
      end,
      ...(isError ? { error: true as const } : {}),
      ...(isError && typeof message === "string" && message ? { message: cleanText(message, MAX_VALUE_CHARS) } : {}),
      attributes: attributesOf(attributes),
      isInner: parent !== null && isBelowOwn(numberOf(field(value, "flags") ?? 0) ?? 0),
      ...(events.length ? { events } : {}),
    },
  ];
}

/** The spans of a request that can be taken. Throws Malformed. */
export const readSpans = (request: unknown, nowMs: number, refused: Refused): FromResource<Span>[] => readResources("traces", request, (value) => readSpan(value, nowMs), refused);
