import type { Metadata } from "next";
import { FilterChips } from "@/components/admin/filter-chips";
import { DecisionDetail } from "@/components/guardrails/decision-detail";
import { DecisionsTable } from "@/components/guardrails/decisions-table";
import { ABILITY_SHORT } from "@/components/guardrails/words";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { ListFoot } from "@/components/ui/list-foot";
import { PageHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { teamsWithin } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { ABILITIES, OUTCOMES } from "@/lib/guardrails/contract";
import { getDecision, listDecisions } from "@/lib/guardrails/queries";

export const metadata: Metadata = { title: "Requests · Guardrails" };

const ADDRESS = "/guardrails/requests";
const OUTCOME_WORDS = { allowed: "Allowed", warned: "Warned", refused: "Refused" };

export default async function RequestsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const filter = { ability: pick(params.ability, ABILITIES), outcome: pick(params.outcome, OUTCOMES), guardrail: text(params.guardrail), team: text(params.team) };
  const cursor = text(params.cursor);
  const chosen = text(params.request);
  const [page, decision] = await Promise.all([listDecisions(ctx, { ...filter, cursor }), chosen ? orNotFound(getDecision(ctx, { id: chosen })) : null]);
  const kept = Object.entries({ ...filter, cursor }).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : []));
  const link = (change: Record<string, string | null>) => {
    const next = new URLSearchParams(kept);
    for (const [name, value] of Object.entries(change)) value === null ? next.delete(name) : next.set(name, value);
    return next.size ? `${ADDRESS}?${next}` : ADDRESS;
  };
  const isFiltered = Object.values(filter).some(Boolean);
  const reach = teamsWithin(ctx.actor, "guardrail.read-decision");
  const empty = isFiltered ? (
    <Empty title="No request fits these filters" action={<LinkButton href={ADDRESS}>Clear filters</LinkButton>}>
      Requests are kept for 90 days.
    </Empty>
  ) : (
    <Empty title="No requests yet" action={<LinkButton href="/environments/new">Create environment</LinkButton>}>
      Whatever guardrails are asked about appears here, with the facts that they saw and what each said.
    </Empty>
  );
  return (
    <Page crumbs={[{ label: "Guardrails", href: "/guardrails" }, { label: "Requests" }]}>
      <PageHead title="Requests" sub={`What guardrails were asked about, and what they said${reach === "all" ? "" : ": of your own teams"}. Kept for 90 days.`} />
      <FilterBar
        choices={[
          { name: "ability", label: "Request", options: ABILITIES.map((value) => ({ value, label: ABILITY_SHORT[value] })) },
          { name: "outcome", label: "Outcome", options: OUTCOMES.map((value) => ({ value, label: OUTCOME_WORDS[value] })) },
        ]}
        count={`${page.items.length} of ${page.total}`}
      />
      <FilterChips
        chips={[["Guardrail", filter.guardrail, "guardrail"] as const, ["Team", filter.team, "team"] as const].flatMap(([label, value, name]) =>
          value ? [{ label, value, href: link({ [name]: null, cursor: null }) }] : [],
        )}
      />
      <div className={decision ? "audit" : undefined}>
        <DecisionsTable
          items={page.items}
          now={ctx.now.toISOString()}
          hrefOf={(id) => link({ request: id })}
          selected={decision?.id ?? null}
          empty={empty}
          foot={<ListFoot shown={page.items.length} total={page.total} nextHref={page.nextCursor ? link({ cursor: page.nextCursor }) : null} />}
        />
        {decision ? <DecisionDetail decision={decision} closeHref={link({ request: null })} /> : null}
      </div>
    </Page>
  );
}
