import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type postgres from "postgres";
import { timed } from "../setup/measure";

/** Milliseconds to copy the rows of tables into empty ones with the same indexes: the least that writing them can cost. */
export async function copyFloor(sql: postgres.Sql, tables: string[]): Promise<number> {
  let ms = 0;
  for (const table of tables) {
    const rows: Buffer[] = [];
    const source = await sql.unsafe(`copy ${table} to stdout`).readable();
    source.on("data", (row: Buffer) => rows.push(row));
    await once(source, "end");
    await sql.unsafe(`create table bench_floor (like ${table} including all)`);
    ms += await timed(async () => pipeline(Readable.from(rows), await sql.unsafe("copy bench_floor from stdin").writable()));
    await sql.unsafe("drop table bench_floor");
  }
  return ms;
}
