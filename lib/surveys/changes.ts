import { and, desc, eq, inArray, isNotNull, notLike } from "drizzle-orm";
import type { z } from "zod";
import type { Connection, Tx } from "@/db/client";
import { deliveryDeployments, goldenPaths, goldenPathVersions, runs, surveyChanges } from "@/db/schema";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { day } from "@/lib/core/format";
import { newId } from "@/lib/core/id";
import { dayOf } from "./calendar";
import type { Change, ChangeInput, ChangeTarget } from "./contract";

const MOST_CHANGES = 100;
const MOST_TARGETS = 15;

interface Linked {
  href: string;
  label: string;
  /** When it came about, where that is known. */
  at: Date | null;
}

const RUN = "/runs/";
const shortOf = (ref: string) => ref.split("/").at(-1) ?? ref;

const deploymentLink = (row: typeof deliveryDeployments.$inferSelect): Linked => ({
  href: `/delivery/deployments/${row.id}`,
  label: `${shortOf(row.service)}${row.releaseId ? ` ${row.releaseId}` : ""} in ${row.environment}`,
  at: row.finishedAt,
});
const versionLink = ({ name, title, version, at }: { name: string; title: string; version: string; at: Date }): Linked => ({
  href: `/golden-paths/${name}?version=${version}`,
  label: `${title} ${version}`,
  at,
});
const runLink = ({ id, title, finishedAt }: Pick<typeof runs.$inferSelect, "id" | "title" | "finishedAt">): Linked => ({ href: `${RUN}${id}`, label: title, at: finishedAt });

/** What a change may be linked to, latest first: deployments to production, versions of golden paths, runs that succeeded. */
export async function changeTargets(on: Connection): Promise<ChangeTarget[]> {
  const [deployments, versions, done] = await Promise.all([
    on
      .select()
      .from(deliveryDeployments)
      .where(and(eq(deliveryDeployments.tier, "production"), eq(deliveryDeployments.status, "success")))
      .orderBy(desc(deliveryDeployments.finishedAt))
      .limit(MOST_TARGETS),
    versionsOf(on).where(eq(goldenPaths.isInternal, false)).orderBy(desc(goldenPathVersions.createdAt)).limit(MOST_TARGETS),
    on
      .select()
      .from(runs)
      // Sandboxes come and go all day; what they changed for everybody is a deployment or a golden path.
      .where(and(eq(runs.status, "succeeded"), isNotNull(runs.finishedAt), notLike(runs.kind, "environment.%")))
      .orderBy(desc(runs.createdAt))
      .limit(MOST_TARGETS),
  ]);
  const target = (kind: ChangeTarget["kind"], { href, label, at }: Linked) => ({ kind, href, label: at ? `${label}, ${day(at.toISOString())}` : label });
  return [
    ...deployments.map((row) => target("deployment", deploymentLink(row))),
    ...versions.map((row) => target("golden-path", versionLink(row))),
    ...done.map((row) => target("run", runLink(row))),
  ];
}

const versionsOf = (on: Connection) =>
  on
    .select({ name: goldenPaths.name, title: goldenPaths.title, version: goldenPathVersions.version, at: goldenPathVersions.createdAt })
    .from(goldenPathVersions)
    .innerJoin(goldenPaths, eq(goldenPaths.name, goldenPathVersions.name));

/** What a link leads to, with its words. Throws invalid where nothing is there, or it is no page of this portal and no web address. */
async function linkOf(on: Connection, typed: string): Promise<Linked> {
  const [, kind, id = "", version = ""] =
    /^\/(delivery\/deployments)\/([\w-]+)$/.exec(typed) ?? /^\/(golden-paths)\/([\w-]+)(?:\?version=([\w.+-]+))?$/.exec(typed) ?? /^\/(runs)\/([\w-]+)$/.exec(typed) ?? [];
  if (kind === "delivery/deployments") return found((await on.select().from(deliveryDeployments).where(eq(deliveryDeployments.id, id))).map(deploymentLink), "deployment");
  if (kind === "runs") return found((await on.select().from(runs).where(eq(runs.id, id))).map(runLink), "run");
  if (kind === "golden-paths") {
    const exact = version ? eq(goldenPathVersions.version, version) : eq(goldenPathVersions.version, goldenPaths.currentVersion);
    return found((await versionsOf(on).where(and(eq(goldenPaths.name, id), exact))).map(versionLink), version ? "version of a golden path" : "golden path");
  }
  if (/^\/(?![/\\])[^\s\\]*$/.test(typed)) return { href: typed, label: typed, at: null };
  const url = URL.canParse(typed) ? new URL(typed) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw refused("Give a web address such as https://wiki.example/page, or a path of this portal such as /runs/run_….");
  return { href: url.href, label: url.host, at: null };
}

function found([link]: Linked[], what: string): Linked {
  if (!link) throw refused(`There is no such ${what}. Copy the address of its page, or choose it from the list.`);
  return link;
}

const refused = (message: string) => new DomainError("invalid", message, { fields: [{ path: "href", message }] });

/** Tells a change: on the day that was given, else on that of what it is linked to, else today. Throws invalid by field. */
export async function tellChange(
  tx: Tx,
  { title, detail, href, changedOn }: z.output<typeof ChangeInput>,
  by: string,
  now: Date,
): Promise<{ id: string; title: string; href: string | null }> {
  const { timeZone } = env();
  const today = dayOf(now, timeZone);
  if (changedOn && changedOn > today) {
    const message = "This day is still to come. Tell a change when people have it.";
    throw new DomainError("invalid", message, { fields: [{ path: "changedOn", message }] });
  }
  const link = href ? await linkOf(tx, href) : null;
  const row = {
    id: newId("surveyChange"),
    title,
    detail,
    changedOn: changedOn ?? (link?.at ? dayOf(link.at, timeZone) : today),
    href: link?.href ?? null,
    linkLabel: link?.label ?? null,
    createdBy: by,
  };
  await tx.insert(surveyChanges).values(row);
  return { id: row.id, title, href: row.href };
}

/** What was changed, newest first. A run has no link for those who may not open it. */
export async function changesFor(on: Connection, teams: "all" | string[]): Promise<Change[]> {
  const rows = await on.select().from(surveyChanges).orderBy(desc(surveyChanges.changedOn), desc(surveyChanges.id)).limit(MOST_CHANGES);
  const ids = rows.flatMap(({ href }) => (href?.startsWith(RUN) ? [href.slice(RUN.length)] : []));
  const linked = ids.length && teams !== "all" ? await on.select({ id: runs.id, teamId: runs.teamId }).from(runs).where(inArray(runs.id, ids)) : [];
  const isOpen = (href: string) => teams === "all" || !href.startsWith(RUN) || linked.some(({ id, teamId }) => href === RUN + id && teamId !== null && teams.includes(teamId));
  return rows.map(({ id, title, detail, changedOn, isDemo, href, linkLabel }) => ({
    id,
    title,
    detail,
    changedOn,
    isDemo,
    link: href === null ? null : { href: isOpen(href) ? href : null, label: linkLabel ?? href },
  }));
}
