import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { Connection } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import { type CampaignRow, isDone, isMeant } from "./campaigns/progress";
import { loadCampaign } from "./campaigns/read";
import { type CheckState, levelAt, type ResultListInput, type ResultRow } from "./contract";
import { type ScorecardRow, storedDefinition } from "./evaluate";
import { missingForNext } from "./levels";
import { ownerRefOf } from "./owner-ref";

type Filter = z.output<typeof ResultListInput>;

interface Line extends Record<string, unknown> {
  ref: string;
  title: string;
  owner: string | null;
  level: number;
  previous: number | null;
  since: string;
  evaluated: string;
  name: string;
}

const ownerRefs = (text: string) =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean)
    .slice(0, 50)
    .map(ownerRefOf);

function readCursor(text: string): [string, string] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "string")) return value as [string, string];
  } catch {
    // Told below, like any other text that is no cursor of this list.
  }
  throw new DomainError("invalid", "The cursor is not one of this list. Start again without it.", {
    fields: [{ path: "cursor", message: "Leave it out to start from the first page." }],
  });
}

function condition(row: ScorecardRow, { team, level, check, q }: Filter, campaign: CampaignRow | null) {
  const { levels, checks } = storedDefinition(row.definition);
  const parts = [sql`l.scorecard_id = ${row.id}`];
  if (team) parts.push(sql`e.owner_ref = any(${sql.param(ownerRefs(team))}::text[])`);
  if (level !== undefined) {
    const index = level === "none" ? 0 : levels.findIndex(({ name }) => name === level) + 1;
    if (index === 0 && level !== "none")
      throw new DomainError("invalid", `There is no level "${level}".`, {
        fields: [{ path: "level", message: `Use one of: none, ${levels.map(({ name }) => name).join(", ")}.` }],
      });
    parts.push(sql`l.level = ${index}`);
  }
  if (check !== undefined) {
    if (!checks.some(({ id }) => id === check))
      throw new DomainError("invalid", `There is no check "${check}".`, { fields: [{ path: "check", message: `Use one of: ${checks.map(({ id }) => id).join(", ")}.` }] });
    parts.push(
      sql`exists (select 1 from scorecard_results r where r.scorecard_id = l.scorecard_id and r.entity_ref = l.entity_ref and r.check_id = ${check} and r.state in ('fail', 'unknown'))`,
    );
  }
  if (campaign) parts.push(isMeant(campaign), sql`not (${isDone(campaign, storedDefinition(row.definition))})`);
  if (q) parts.push(sql`e.label like ${`%${q.toLowerCase().replace(/[%_\\]/g, "\\$&")}%`}`);
  return sql.join(parts, sql` and `);
}

/** One page of entities by name, each with its level and what is in the way of the next. */
export async function readResults(on: Connection, row: ScorecardRow, filter: Filter): Promise<{ items: ResultRow[]; nextCursor: string | null; total: number }> {
  const where = condition(row, filter, filter.campaign ? await loadCampaign(on, row.id, filter.campaign) : null);
  const from = sql`from scorecard_levels l join entities e on e.ref = l.entity_ref`;
  const after = filter.cursor ? readCursor(filter.cursor) : null;
  const [lines, [totals]] = await Promise.all([
    on.execute<Line>(sql`
      select e.ref, e.title, e.owner_ref as owner, l.level, l.previous_level as previous, l.level_since as since, l.evaluated_at as evaluated, lower(e.name) as name ${from}
      where ${where} and ${after ? sql`(lower(e.name), e.ref) > (${after[0]}, ${after[1]})` : sql`true`} order by lower(e.name), e.ref limit ${filter.limit + 1}`),
    on.execute<{ n: number }>(sql`select count(*)::int as n ${from} where ${where}`),
  ]);
  const shown = lines.slice(0, filter.limit);
  const last = shown.at(-1);
  return {
    items: await withMissing(on, row, shown),
    nextCursor: lines.length > filter.limit && last ? Buffer.from(JSON.stringify([last.name, last.ref])).toString("base64url") : null,
    total: totals?.n ?? 0,
  };
}

async function withMissing(on: Connection, row: ScorecardRow, lines: Line[]): Promise<ResultRow[]> {
  if (lines.length === 0) return [];
  const { levels, checks } = storedDefinition(row.definition);
  const names = levels.map(({ name }) => name);
  const results = await on.execute<{ ref: string; check: string; state: CheckState; known: "pass" | "fail" | null }>(sql`
    select entity_ref as ref, check_id as "check", state, last_known as known from scorecard_results
    where scorecard_id = ${row.id} and entity_ref = any(${sql.param(lines.map(({ ref }) => ref))}::text[])`);
  return lines.map(({ ref, title, owner, level, previous, since, evaluated }) => {
    const own = results.filter((one) => one.ref === ref);
    const standings = checks.flatMap((check) => {
      const found = own.find((one) => one.check === check.id);
      return found ? [{ ...check, state: found.state, lastKnown: found.known }] : [];
    });
    return {
      entityRef: ref,
      title,
      ownerRef: owner,
      level: levelAt(levels, level),
      previousLevel: previous === null ? null : levelAt(levels, previous),
      levelSince: new Date(since).toISOString(),
      evaluatedAt: new Date(evaluated).toISOString(),
      missing: missingForNext(names, standings).map(({ id, title: what, effort, state }) => ({ id, title: what, effort, state })),
    };
  });
}
