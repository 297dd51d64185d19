import { EntityScorecardView } from "@/components/scorecards/entity-scorecard";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { listActions } from "@/lib/actions/queries";
import { getEntityHead } from "@/lib/catalog/queries";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listEntityScorecards } from "@/lib/scorecards/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
}

/** How the entity stands to every scorecard that applies to it. */
export default async function EntityScorecardPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const key = await params;
  const { entity } = await orNotFound(getEntityHead(ctx, key));
  const [{ items }, actions] = await Promise.all([listEntityScorecards(ctx, key), listActions(ctx, { entityRef: entity.ref })]);
  if (items.length === 0)
    return (
      <div className="table-wrap">
        <Empty title="No scorecard applies to it" action={<LinkButton href="/scorecards">All scorecards</LinkButton>}>
          {entity.goneAt
            ? `${entity.title} has ended, so nothing is expected of it.`
            : "Each scorecard says by kind, type, lifecycle and tags which entities it is about. What was registered just now is evaluated within a minute."}
        </Empty>
      </div>
    );
  return (
    <div className="stack-8">
      {items.map((card) => (
        <EntityScorecardView key={card.name} card={card} entityRef={entity.ref} actions={actions.items} now={ctx.now.toISOString()} />
      ))}
    </div>
  );
}
