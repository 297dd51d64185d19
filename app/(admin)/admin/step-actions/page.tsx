import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { StepActionsTable } from "@/components/step-actions/step-actions-table";
import { LinkButton } from "@/components/ui/button";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listDeclaredActions } from "@/lib/golden-paths/queries";

export const metadata: Metadata = { title: "Step actions · Administration" };

const EFFECTS = { workspace: "Changes the files", read: "Reads", outside: "Reaches outside", publication: "Publishes" };
const COLUMNS = [
  { key: "id", title: "Action" },
  { key: "effect", title: "What it does" },
];

export default async function StepActionsPage() {
  const ctx = await requireSignedIn();
  const mayEdit = can(ctx.actor, "golden-path.edit");
  const found = mayEdit ? await listDeclaredActions(ctx, {}) : null;
  return (
    <Page crumbs={[{ label: "Step actions" }]}>
      <PageHead
        title="Step actions"
        sub="What steps of golden paths can do. Declare your own beside the built-in ones; templates name them by id."
        actions={
          mayEdit ? (
            <LinkButton href="/admin/step-actions/new" variant="primary">
              New step action
            </LinkButton>
          ) : null
        }
      />
      {found ? (
        <div className="stack-8">
          <StepActionsTable items={found.items} now={ctx.now.toISOString()} />
          <section>
            <SectionHead title="Built in" aside={found.builtIn.length} />
            <Table
              caption="Built-in step actions"
              columns={COLUMNS}
              rows={found.builtIn.map(({ id, effect }) => ({ key: id, cells: { id: <span className="mono">{id}</span>, effect: EFFECTS[effect] } }))}
            />
          </section>
        </div>
      ) : (
        <AdminsOnly what="Step actions are declared here." />
      )}
    </Page>
  );
}
