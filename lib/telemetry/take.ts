import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { countTelemetry } from "@/lib/core/counters";
import { readLogRecords } from "./otlp/logs";
import type { Signal } from "./otlp/messages";
import { readReadings } from "./otlp/metrics";
import { countItems, type FromResource, Refused } from "./otlp/read";
import { readSpans } from "./otlp/spans";
import type { Attributes } from "./otlp/values";
import { forgetSources, noteArrival, noteRefusal, type Sender, sourceOf } from "./sources";
import { storeLogs } from "./store-logs";
import { storeReadings } from "./store-readings";
import { storeSpans } from "./store-spans";

interface Part {
  resource: Attributes;
  size: number;
  store(tx: Tx, sourceId: number): Promise<number>;
}

const partsOf = <T>(found: FromResource<T>[], store: (tx: Tx, sourceId: number, items: T[]) => Promise<number>): Part[] =>
  found.map(({ resource, items }) => ({ resource, size: items.length, store: (tx, sourceId) => store(tx, sourceId, items) }));

function read(signal: Signal, request: unknown, nowMs: number, refused: Refused): Part[] {
  switch (signal) {
    case "traces":
      return partsOf(readSpans(request, nowMs, refused), (tx, source, spans) => storeSpans(tx, source, spans, nowMs).then(() => 0));
    case "logs":
      return partsOf(readLogRecords(request, nowMs, refused), (tx, source, records) => storeLogs(tx, source, records, nowMs));
    case "metrics":
      return partsOf(readReadings(request, nowMs, refused), (tx, source, readings) => storeReadings(tx, source, readings).then(() => 0));
  }
}

/** Stores what a sender may send of a decoded request. Returns how many items were refused, and the first reason. Throws Malformed. */
export async function takeRequest(sender: Sender, signal: Signal, request: unknown, nowMs: number): Promise<{ refused: Refused }> {
  const total = countItems(signal, request);
  const refused = new Refused();
  const parts = read(signal, request, nowMs, refused);
  const malformed = refused.because;
  try {
    for (const part of parts) {
      const source = await sourceOf(db(), sender, part.resource);
      if (typeof source === "string") refused.add(source, part.size);
      else await db().transaction((tx) => storePart(tx, source, signal, part, refused, malformed));
    }
  } catch (error) {
    forgetSources();
    throw error;
  }
  countTelemetry(signal, "refused", refused.count);
  countTelemetry(signal, "accepted", Math.max(0, total - refused.count));
  return { refused };
}

async function storePart(tx: Tx, source: number, signal: Signal, part: Part, refused: Refused, malformed: string): Promise<void> {
  // What a crash of the server's machine takes of the last instants is a sample and a few counts; waiting for the disk costs more than all else here.
  await tx.execute(sql`set local synchronous_commit to off`);
  refused.add("More log records came than are kept of one sender. Send fewer, or to a collector of your own.", await part.store(tx, source));
  if (malformed) await noteRefusal(tx, source, malformed);
  if (part.size > 0 || signal === "metrics") await noteArrival(tx, source, signal);
}
