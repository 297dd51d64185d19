import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type postgres from "postgres";
import { parseAllDocuments } from "yaml";
import { timed } from "../setup/measure";

/** The least that an import can cost: the same YAML parsed on one core, then the same rows copied into tables with the same indexes. Milliseconds. */
export async function importFloor(sql: postgres.Sql, folder: string): Promise<number> {
  const texts = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8"));
  const parseMs = await timed(async () => texts.map((text) => parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" })));
  let copyMs = 0;
  for (const table of ["entities", "entity_relations"]) {
    const rows: Buffer[] = [];
    const source = await sql.unsafe(`copy ${table} to stdout`).readable();
    source.on("data", (row: Buffer) => rows.push(row));
    await once(source, "end");
    await sql.unsafe(`create table bench_floor (like ${table} including all)`);
    copyMs += await timed(async () => pipeline(Readable.from(rows), await sql.unsafe("copy bench_floor from stdin").writable()));
    await sql.unsafe("drop table bench_floor");
  }
  return parseMs + copyMs;
}

/** The median of a statement on one open connection, in milliseconds. */
export async function statementFloor(sql: postgres.Sql, statement: string): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < 100; i++) samples.push(await timed(async () => sql.unsafe(statement)));
  return samples.sort((a, b) => a - b)[50] ?? 0;
}
