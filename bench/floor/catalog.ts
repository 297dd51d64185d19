import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type postgres from "postgres";
import { parseAllDocuments } from "yaml";
import { timed } from "../setup/measure";
import { copyFloor } from "./copy";

/** The least that an import can cost: the same YAML parsed on one core, then the same rows copied into tables with the same indexes. Milliseconds. */
export async function importFloor(sql: postgres.Sql, folder: string): Promise<number> {
  const texts = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8"));
  const parseMs = await timed(async () => texts.map((text) => parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" })));
  return parseMs + (await copyFloor(sql, ["entities", "entity_relations"]));
}

/** The median of a statement on one open connection, in milliseconds. */
export async function statementFloor(sql: postgres.Sql, statement: string): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < 100; i++) samples.push(await timed(async () => sql.unsafe(statement)));
  return samples.sort((a, b) => a - b)[50] ?? 0;
}
