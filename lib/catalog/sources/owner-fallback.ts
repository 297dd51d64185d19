import { and, eq, inArray, or, sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { catalogFindings, entities, entityRelations, teams } from "@/db/schema";
import type { AcceptedEntity, DerivedFact, DerivedFacts, EntitySource } from "../contract";
import { sourceKey } from "../ownership";
import { formatRef, parseRef } from "../ref";
import { type CodeownersRule, owningTeam } from "./codeowners";

// Who owns an entity: what its document says, else its folder's team in CODEOWNERS, else the team that administers the
// repository, else nobody. Where the first two disagree, that is a finding.

const OWNED_KINDS = ["component", "api", "resource", "system", "domain", "template"];

export interface OwnerHints {
  rules: CodeownersRule[];
  /** The team that administers the repository, asked only where nothing else names one; and where that is known from. */
  adminTeam: () => Promise<{ team: string; from: string } | null>;
  lastCommit: { sha: string; author: string; at: string } | null;
}

interface Place {
  source: EntitySource;
  teamRef: string | null;
  now: Date;
}

/** Writes owner and facts of what a reading accepted. */
export async function settleOwners(tx: Tx, accepted: AcceptedEntity[], hints: OwnerHints, place: Place): Promise<void> {
  const names = memo((team: string) => refOfTeam(tx, team));
  const administrator = memo(async (_all: string) => {
    const found = await hints.adminTeam();
    return found ? { value: found.team.includes(":") ? found.team : await names(found.team), from: found.from } : null;
  });
  for (let at = 0; at < accepted.length; at += 500) {
    const part = new Map(accepted.slice(at, at + 500).map((one) => [one.entityRef, one]));
    const owner = sql<unknown>`${entities.definition} #> '{spec,owner}'`;
    const columns = { ref: entities.ref, kind: entities.kind, namespace: entities.namespace, ownerRef: entities.ownerRef, owner, facts: entities.facts };
    const rows = await tx
      .select(columns)
      .from(entities)
      .where(inArray(entities.ref, [...part.keys()]));
    const settled: Settled[] = [];
    for (const row of rows) settled.push(await settle(row, part.get(row.ref)?.file ?? "", hints, place.now, names, () => administrator("")));
    await writeOwners(tx, settled);
    await writeFindings(tx, settled, part, place);
  }
}

interface Row {
  ref: string;
  kind: string;
  namespace: string;
  ownerRef: string | null;
  owner: unknown;
  facts: DerivedFacts;
}

interface Settled {
  row: Row;
  owner: string | null;
  facts: DerivedFacts;
  finding: { rule: string; message: string; fix: string } | null;
}

async function settle(
  row: Row,
  file: string,
  { rules, lastCommit }: OwnerHints,
  now: Date,
  names: (team: string) => Promise<string>,
  administrator: () => Promise<Omit<DerivedFact, "readAt"> | null>,
): Promise<Settled> {
  const readAt = now.toISOString();
  const facts: DerivedFacts = lastCommit ? { lastCommit: { value: lastCommit.sha, author: lastCommit.author, at: lastCommit.at, from: "repository", readAt } } : {};
  if (!OWNED_KINDS.includes(row.kind)) return { row, owner: row.ownerRef, facts, finding: null };
  const team = owningTeam(rules, file);
  const fromFile = team ? { value: await names(team), from: "CODEOWNERS" } : null;
  const written = writtenOwner(row);
  if (written) {
    const message = `spec.owner is ${written}, and CODEOWNERS gives @${team} for its folder.`;
    const finding = fromFile && fromFile.value !== written ? { rule: "owner-disagrees", message, fix: "Make the two the same. spec.owner counts until then." } : null;
    return { row, owner: written, facts: { ...facts, owner: { value: written, from: "spec.owner", readAt } }, finding };
  }
  const derived = fromFile ?? (await administrator());
  if (!derived) return { row, owner: null, facts, finding: null };
  const message = `spec.owner is missing. ${derived.value} is taken as the owner, from ${derived.from}.`;
  const finding = { rule: "owner-derived", message, fix: "Add owner under spec, so that it does not depend on another file." };
  return { row, owner: derived.value, facts: { ...facts, owner: { ...derived, readAt } }, finding };
}

function writtenOwner({ owner, namespace }: Row): string | null {
  const parts = typeof owner === "string" && owner.trim() ? parseRef(owner, { kind: "group", namespace }) : null;
  return parts ? formatRef(parts) : null;
}

async function writeOwners(tx: Tx, settled: Settled[]): Promise<void> {
  const changed = settled.filter(({ row, owner, facts }) => row.ownerRef !== owner || JSON.stringify(row.facts) !== JSON.stringify(facts));
  if (changed.length === 0) return;
  const values = JSON.stringify(changed.map(({ row, owner, facts }) => ({ ref: row.ref, owner, facts })));
  await tx.execute(sql`
    update entities e set owner_ref = v.owner, facts = v.facts
    from jsonb_to_recordset(${values}::jsonb) as v(ref text, owner text, facts jsonb) where e.ref = v.ref`);
  for (const { row, owner } of changed.filter((one) => one.row.ownerRef !== one.owner)) {
    const own = and(eq(entityRelations.originRef, row.ref), eq(entityRelations.fromRef, row.ref), eq(entityRelations.type, "ownedBy"));
    await tx.delete(entityRelations).where(own);
    if (owner) await tx.insert(entityRelations).values({ originRef: row.ref, fromRef: row.ref, type: "ownedBy", toRef: owner }).onConflictDoNothing();
  }
}

async function writeFindings(tx: Tx, settled: Settled[], places: Map<string, AcceptedEntity>, { source, teamRef, now }: Place): Promise<void> {
  const derived = settled.filter(({ finding }) => finding?.rule === "owner-derived").map(({ row }) => row.ref);
  if (derived.length) await tx.delete(catalogFindings).where(and(inArray(catalogFindings.entityRef, derived), eq(catalogFindings.rule, "owner-missing")));
  const rows = settled.flatMap(({ row, finding }) => {
    const at = places.get(row.ref);
    return finding && at ? [{ ...finding, file: at.file, line: at.line, entityRef: row.ref, sourceKey: sourceKey(source), source, teamRef, isRefusal: false, at: now }] : [];
  });
  if (rows.length) await tx.insert(catalogFindings).values(rows);
}

/** An async function whose answers are kept by its argument. */
function memo<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (key) => {
    const known = kept.get(key) ?? ask(key);
    kept.set(key, known);
    return known;
  };
}

/** `acme/checkout` → the Group that says so in its annotation, else the team of that name, else the ref that it would have. */
export async function refOfTeam(on: Connection, slug: string): Promise<string> {
  const name = slug.slice(slug.indexOf("/") + 1).toLowerCase();
  const annotation = sql<string>`lower(${entities.definition} #>> '{metadata,annotations,github.com/team-slug}')`;
  const [group] = await on
    .select({ ref: entities.ref })
    .from(entities)
    .where(and(eq(entities.kind, "group"), or(eq(annotation, slug.toLowerCase()), eq(annotation, name))))
    .orderBy(entities.ref)
    .limit(1);
  if (group) return group.ref;
  const [team] = await on.select({ ref: teams.ref }).from(teams).where(eq(teams.name, name));
  return team?.ref ?? formatRef({ kind: "group", namespace: "default", name });
}
