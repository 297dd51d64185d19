import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { teams } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { type DataKind, ServiceRef } from "./contract";
import { teamsOfServices } from "./owner";
import { ORGANISATION } from "./tree";

export interface Node {
  type: "org" | "team" | "service";
  /** `org` or a ref. */
  ref: string;
  title: string;
  /** Whose figures these are; null for the organisation and for services that nobody owns. */
  teamId: string | null;
  /** A team with everything below it; empty for the others. */
  teamIds: string[];
}

/** The part of the organisation that a text names: `org`, a team by ref or short name, or a service. Throws not_found. */
export async function nodeNamed(on: Connection, text: string): Promise<Node> {
  if (text === ORGANISATION) return { type: "org", ref: ORGANISATION, title: "Organisation", teamId: null, teamIds: [] };
  const all = await on.select({ id: teams.id, ref: teams.ref, name: teams.name, title: teams.title, parentId: teams.parentId }).from(teams);
  const wanted = text.toLowerCase();
  const team = all.find((one) => one.ref === wanted || (!wanted.includes(":") && one.name === wanted));
  if (team) return { type: "team", ref: team.ref, title: team.title, teamId: team.id, teamIds: withChildren(all, team.id) };
  return serviceNamed(on, text);
}

async function serviceNamed(on: Connection, text: string): Promise<Node> {
  const parsed = ServiceRef.safeParse(text);
  const ref = parsed.success && !text.toLowerCase().startsWith("group:") ? parsed.data : null;
  const known = ref ? await serviceKnown(on, ref) : null;
  if (!ref || !known) throw new DomainError("not_found", `There is no team or service "${text.slice(0, 100)}". Use org, group:default/<team> or component:default/<service>.`);
  return { type: "service", ref, title: ref.split("/").at(-1) ?? ref, teamId: known.teamId, teamIds: [] };
}

/** Null for what neither the catalog nor any event knows. */
async function serviceKnown(on: Connection, ref: string): Promise<{ teamId: string | null } | null> {
  const [row] = await on.execute<{ known: boolean }>(sql`
    select exists (select 1 from entities where ref = ${ref}) or exists (select 1 from delivery_deployments where service = ${ref}) or exists (select 1 from incidents where service = ${ref}) as known`);
  return row?.known ? { teamId: (await teamsOfServices(on, [ref])).get(ref) ?? null } : null;
}

function withChildren(all: { id: string; parentId: string | null }[], id: string, seen = new Set<string>()): string[] {
  if (seen.has(id)) return [];
  seen.add(id);
  return [id, ...all.filter((team) => team.parentId === id).flatMap((team) => withChildren(all, team.id, seen))];
}

/** The node's rows in a table that has `service` and `team_id`; `of` is its name with a point, where others have them too. */
export function within(node: Node, of: SQL = sql``): SQL {
  if (node.type === "service") return sql`${of}service = ${node.ref}`;
  if (node.type === "team") return sql`${of}team_id = any(${sql.param(node.teamIds)}::text[])`;
  return sql`true`;
}

/** Live where the node has had live production deployments, else the demo's history if there is one; as asked for when asked. */
export async function dataKindOf(on: Connection, node: Node, asked: DataKind | undefined): Promise<{ data: DataKind; hasDemo: boolean }> {
  const has = (isDemo: boolean) => sql`exists (select 1 from delivery_deployments where tier = 'production' and is_demo = ${isDemo} and ${within(node)})`;
  const [row] = await on.execute<{ live: boolean; demo: boolean }>(sql`select ${has(false)} as live, ${has(true)} as demo`);
  const data = asked ?? (row?.live || !row?.demo ? "live" : "demo");
  return { data, hasDemo: Boolean(row?.demo) };
}
