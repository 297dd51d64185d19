import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { type Node, within } from "../node";
import { startOfDay, type Window } from "../window";
import type { Annotation, AnnotationKind } from "./contract";

/** More marks than this say nothing any more; the latest are kept. */
const MAX_SHOWN = 60;

interface Row {
  [column: string]: unknown;
  at: string;
  text: string;
  href: string | null;
  id: string | null;
}

/** What happened in a window that may explain a node's figures: releases, golden paths taken up, incidents, surveys, notes; the latest first. */
export async function annotationsOf(on: Connection, node: Node, isDemo: boolean, window: Window): Promise<Annotation[]> {
  const range = (moment: SQL) =>
    sql`${moment} >= ${startOfDay(window.from, window.timeZone).toISOString()}::timestamptz and ${moment} < ${startOfDay(window.to, window.timeZone).toISOString()}::timestamptz`;
  const found = await Promise.all([
    rowsOf(on, "release", releases(node, isDemo, range), window.timeZone),
    rowsOf(on, "golden-path", goldenPaths(node, isDemo, range), window.timeZone),
    rowsOf(on, "incident", incidents(node, isDemo, range), window.timeZone),
    rowsOf(on, "survey", surveys(isDemo, range), window.timeZone),
    notes(on, node, window),
  ]);
  return found
    .flat()
    .sort((a, b) => b.day.localeCompare(a.day) || a.text.localeCompare(b.text))
    .slice(0, MAX_SHOWN);
}

async function rowsOf(on: Connection, kind: AnnotationKind, source: SQL, timeZone: string): Promise<Annotation[]> {
  const rows = await on.execute<Row>(sql`select (at at time zone ${timeZone})::date::text as day, text, href from (${source}) found order by at desc limit ${MAX_SHOWN}`);
  return rows.map((row) => ({ day: String(row.day), kind, text: row.text, href: row.href, id: null }));
}

type Range = (moment: SQL) => SQL;

/** New versions of golden paths are everybody's; releases of a service are its own. */
function releases(node: Node, isDemo: boolean, range: Range): SQL {
  const paths = sql`select c.at, 'Golden path ' || c.name || ' ' || c.version || ' was published' as text, '/golden-paths/' || c.name as href
    from golden_path_changes c join golden_paths g on g.name = c.name where c.kind = 'published' and not g.is_internal and ${range(sql`c.at`)}`;
  if (node.type !== "service") return paths;
  return sql`${paths} union all
    select min(finished_at), 'Release ' || release_id, '/delivery/deployments/' || (array_agg(id order by finished_at))[1] from delivery_deployments
    where service = ${node.ref} and is_demo = ${isDemo} and tier = 'production' and status = 'success' and release_id is not null group by release_id having ${range(sql`min(finished_at)`)}`;
}

function goldenPaths(node: Node, isDemo: boolean, range: Range): SQL {
  const mine = node.type === "service" ? sql`r.entity_ref = ${node.ref}` : within(node, sql`r.`);
  const page = sql`'/repositories/' || r.owner || '/' || r.name`;
  return sql`
    select r.created_at as at, r.name || ' was created from the golden path ' || r.golden_path as text, ${page} as href
    from repositories r where r.golden_path is not null and r.status <> 'creating' and r.is_demo = ${isDemo} and ${mine} and ${range(sql`r.created_at`)}
    union all
    select p.ended_at, r.name || ' took over ' || (p.upgrade->>'goldenPath') || ' ' || (p.upgrade->>'to'), ${page} || '/pulls/' || p.number
    from repository_pull_requests p join repositories r on r.id = p.repository_id
    where p.upgrade is not null and p.status = 'merged' and r.is_demo = ${isDemo} and ${mine} and ${range(sql`p.ended_at`)}`;
}

/** Of a group only the grave ones. */
function incidents(node: Node, isDemo: boolean, range: Range): SQL {
  const grave = node.type === "service" ? sql`true` : sql`severity in ('critical', 'high')`;
  return sql`select opened_at as at, 'Incident of ' || split_part(service, '/', 2) || ': ' || title as text,
      case when deployment_id is null then null else '/delivery/deployments/' || deployment_id end as href
    from incidents where is_demo = ${isDemo} and ${within(node)} and ${grave} and ${range(sql`opened_at`)}`;
}

function surveys(isDemo: boolean, range: Range): SQL {
  return sql`select opens_at as at, 'Survey ' || period || ' opened' as text, case when state = 'closed' then '/survey/results' end as href
    from surveys where is_demo = ${isDemo} and kind <> 'one-tap' and state <> 'scheduled' and ${range(sql`opens_at`)}`;
}

/** Notes of the node, of the groups above it, and of the organisation. */
async function notes(on: Connection, node: Node, window: Window): Promise<Annotation[]> {
  const above = node.teamId === null ? sql`false` : sql`team_id in (select t.node from delivery_tree t where t.team_id = ${node.teamId}) or team_id = ${node.teamId}`;
  const rows = await on.execute<{ id: string; day: string; note: string }>(sql`
    select id, day::text as day, note from delivery_annotations where day >= ${window.from} and day < ${window.to} and (team_id is null or ${above}) order by day desc limit ${MAX_SHOWN}`);
  return rows.map(({ id, day, note }) => ({ day, kind: "note", text: note, href: null, id }));
}
