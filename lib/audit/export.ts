import { and, lt, type SQL } from "drizzle-orm";
import { db } from "@/db/client";
import { auditEvents } from "@/db/schema";
import { csvLine } from "@/lib/core/csv";
import type { AuditEvent } from "./contract";
import { presentEvent, selectEvents } from "./select";

const PAGE = 1_000;
const COLUMNS = [
  "id",
  "at",
  "actor",
  "actorType",
  "door",
  "tokenId",
  "mcpClient",
  "name",
  "result",
  "targetType",
  "targetId",
  "targetLabel",
  "team",
  "detail",
  "requestId",
  "ipPrefix",
];

/** Bytes of the export, read from the database a page at a time as the client takes them. */
export function exportStream(where: SQL | undefined, format: "csv" | "json"): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const parts = format === "csv" ? csvParts(where) : jsonParts(where);
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}

async function* pages(where: SQL | undefined): AsyncGenerator<AuditEvent[], undefined> {
  let before: number | null = null;
  for (;;) {
    const rows: Awaited<ReturnType<typeof selectEvents>> = await selectEvents(db())
      .where(and(where, before === null ? undefined : lt(auditEvents.seq, before)))
      .limit(PAGE);
    if (rows.length) yield rows.map(presentEvent);
    before = rows.at(-1)?.row.seq ?? null;
    if (rows.length < PAGE || before === null) return undefined;
  }
}

async function* csvParts(where: SQL | undefined): AsyncGenerator<string, undefined> {
  yield csvLine(COLUMNS);
  for await (const page of pages(where)) yield page.map((event) => csvLine(cells(event))).join("");
  return undefined;
}

async function* jsonParts(where: SQL | undefined): AsyncGenerator<string, undefined> {
  let separator = "[\n";
  for await (const page of pages(where)) {
    for (const event of page) {
      yield `${separator}${JSON.stringify(event)}`;
      separator = ",\n";
    }
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
  return undefined;
}

function cells({ id, at, actor, door, tokenId, mcpClient, name, result, target, team, detail, requestId, ipPrefix }: AuditEvent): (string | null)[] {
  return [
    id,
    at,
    actor.label,
    actor.type,
    door,
    tokenId,
    mcpClient,
    name,
    result,
    target?.type ?? null,
    target?.id ?? null,
    target?.label ?? null,
    team,
    JSON.stringify(detail),
    requestId,
    ipPrefix,
  ];
}
