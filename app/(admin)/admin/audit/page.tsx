import { Download } from "lucide-react";
import type { Metadata } from "next";
import { AuditDetail } from "@/components/admin/audit-detail";
import { AUDIT_NOUNS, WINDOWS, windowStart } from "@/components/admin/audit-filters";
import { AuditTable } from "@/components/admin/audit-table";
import { DOOR_WORDS } from "@/components/admin/audit-words";
import { FilterChips } from "@/components/admin/filter-chips";
import { Page } from "@/components/layout/page";
import { FilterBar } from "@/components/ui/filter-bar";
import { PageHead } from "@/components/ui/page-head";
import { AUDIT_DOORS } from "@/lib/audit/contract";
import { getAuditEvent, listAuditEvents } from "@/lib/audit/queries";
import { orNotFound } from "@/lib/core/page";
import { teamsWithin } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "Audit log" };

const PAGE_ROWS = 50;

export default async function AuditPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const time = pick(params.time, Object.keys(WINDOWS));
  const filter = {
    actor: text(params.actor),
    name: text(params.name),
    target: text(params.target),
    team: text(params.team),
    result: pick(params.result, ["done", "refused"] as const),
    door: pick(params.door, AUDIT_DOORS),
    from: windowStart(time, ctx.now),
  };
  const cursor = text(params.cursor);
  const selected = text(params.event);
  const [page, event] = await Promise.all([listAuditEvents(ctx, { ...filter, cursor, limit: PAGE_ROWS }), selected ? orNotFound(getAuditEvent(ctx, { id: selected })) : null]);
  const kept = Object.entries({ ...filter, from: undefined, time, cursor }).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : []));
  const link = (change: Record<string, string | null>) => {
    const next = new URLSearchParams(kept);
    for (const [name, value] of Object.entries(change)) value === null ? next.delete(name) : next.set(name, value);
    return `/admin/audit${next.size ? `?${next}` : ""}`;
  };
  const exported = new URLSearchParams(Object.entries(filter).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])));
  const reach = teamsWithin(ctx.actor, "audit.read");
  return (
    <Page crumbs={[{ label: "Audit log" }]}>
      <PageHead
        title="Audit log"
        sub={`${reach === "all" ? "Every change and every refusal" : reach.length ? "What you and your teams did" : "What you did"}, by whom and through which door. Written with the change, never edited.`}
        actions={
          <>
            <a className="btn" href={`/api/v1/audit-events/export?${new URLSearchParams([...exported, ["format", "json"]])}`} download>
              Export JSON
            </a>
            <a className="btn" href={`/api/v1/audit-events/export?${new URLSearchParams([...exported, ["format", "csv"]])}`} download>
              <Download className="i" aria-hidden />
              Export CSV
            </a>
          </>
        }
      />
      <FilterBar
        search={{ name: "target", placeholder: "Target or id" }}
        choices={[
          { name: "name", label: "Event", options: AUDIT_NOUNS },
          {
            name: "result",
            label: "Result",
            options: [
              { value: "done", label: "Done" },
              { value: "refused", label: "Refused" },
            ],
          },
          { name: "door", label: "Door", options: AUDIT_DOORS.map((value) => ({ value, label: DOOR_WORDS[value] })) },
          { name: "time", label: "Time", options: Object.entries(WINDOWS).map(([value, { label }]) => ({ value, label })) },
        ]}
        count={`${page.items.length} of ${page.total}`}
      />
      <FilterChips
        chips={[["Actor", filter.actor, "actor"] as const, ["Team", filter.team, "team"] as const].flatMap(([label, value, name]) =>
          value ? [{ label, value, href: link({ [name]: null, cursor: null }) }] : [],
        )}
      />
      <div className={event ? "audit" : undefined}>
        <AuditTable
          events={page.items}
          now={ctx.now.toISOString()}
          selected={event?.id ?? null}
          hrefs={Object.fromEntries(page.items.map((one) => [one.id, { event: link({ event: one.id }), actor: link({ actor: one.actor.label, cursor: null }) }]))}
          filtered={exported.size > 0}
          firstHref={cursor ? link({ cursor: null }) : null}
          olderHref={page.nextCursor ? link({ cursor: page.nextCursor }) : null}
          total={page.total}
        />
        {event ? <AuditDetail event={event} closeHref={link({})} targetHref={link({ target: event.target?.id ?? "", cursor: null })} /> : null}
      </div>
    </Page>
  );
}
