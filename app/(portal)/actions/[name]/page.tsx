import type { Metadata } from "next";
import { ActionsList } from "@/components/actions/actions-list";
import { RunSheet } from "@/components/actions/run-sheet";
import { Page } from "@/components/layout/page";
import { getActionForm, listActions } from "@/lib/actions/queries";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const text = (value: string | string[] | undefined) => (typeof value === "string" && value.length <= 200 ? value : null);

async function read({ params, searchParams }: Props) {
  const [ctx, { name }, query] = await Promise.all([requireSignedIn(), params, searchParams]);
  const [entity, environment] = [text(query.entity), text(query.environment)?.slice(0, 64) ?? null];
  const action = await orNotFound(getActionForm(ctx, { name, ...(entity ? { entityRef: entity } : {}), ...(environment ? { environment } : {}) }));
  return { ctx, action, environment };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { action } = await read(props);
  return { title: `${action.title} · Actions` };
}

export default async function ActionPage(props: Props) {
  const { ctx, action, environment } = await read(props);
  const { items, total } = await listActions(ctx, {});
  return (
    <Page crumbs={[{ label: "Actions", href: "/actions" }, { label: action.title }]}>
      <ActionsList items={items} total={total} filtered={false} context="" selected={action.name}>
        <RunSheet key={`${action.name} ${action.entity?.ref}`} action={action} environment={environment} teams={ctx.actor.teams.map((team) => team.name)} closeHref="/actions" />
      </ActionsList>
    </Page>
  );
}
