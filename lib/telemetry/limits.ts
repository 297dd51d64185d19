const KIB = 1024;
const MINUTE_MS = 60_000;

/** Of a request: as sent, and unpacked. */
export const MAX_BODY_BYTES = 4 * KIB * KIB;
/** Spans, log records or data points of a request. */
export const MAX_ITEMS = 10_000;

/** A span that ended longer ago is not counted: repeats can be told only within this time. */
export const MAX_AGE_MS = 15 * MINUTE_MS;
/** How far a sender's clock may be ahead. */
export const MAX_AHEAD_MS = 2 * MINUTE_MS;
/** How long counted spans are remembered; longer than the age and the clock's lead together. */
export const REMEMBER_MINUTES = 20;

/** What one sender may send: so much at once, and so much per second in the long run. */
export const SENDER_RATE = { items: { perSecond: 500, burst: 20_000 }, bytes: { perSecond: 512 * KIB, burst: 16 * KIB * KIB } };
/** Requests of one sender that are worked on at the same time. */
export const SENDER_AT_ONCE = 2;

/** Traces that are kept per source; those with an error or slow ones have a share of their own. */
export const TRACE_RATE = { perSecond: 2, burst: 120 };
export const LOG_RATE = { perSecond: 20, burst: 1_000 };
export const SLOW_MS = 1_000;

/** Kept per source, whatever comes. */
export const KEEP_NEWEST_TRACES = 200;
export const KEEP_ERROR_TRACES = 150;
export const KEEP_SLOW_TRACES = 50;
export const KEEP_LOGS = 4_000;
export const KEEP_HOURS = 72;
/** Requests are kept by the minute for a day, then by the hour. */
export const KEEP_MINUTES_HOURS = 25;
export const KEEP_COUNTS_DAYS = 8;

export const MAX_SPANS_OF_TRACE = 300;
export const MAX_ATTRIBUTES = 32;
export const MAX_EVENTS = 8;
export const MAX_KEY_CHARS = 100;
export const MAX_VALUE_CHARS = 500;
export const MAX_NAME_CHARS = 160;
export const MAX_LOG_CHARS = 4_000;
/** Different routes of a source in an hour; more are counted together. */
export const MAX_ROUTES = 60;
export const OTHER_ROUTES = "Other routes";
