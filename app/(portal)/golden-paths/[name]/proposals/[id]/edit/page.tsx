import type { Metadata } from "next";
import { PathEditor } from "@/components/golden-paths/editor/path-editor";
import { proposalPage } from "@/components/golden-paths/proposals/proposals-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { orMissing, orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listProposalTests } from "@/lib/environments/queries";
import { isEditable } from "@/lib/golden-paths/contract";
import { checkProposal, getProposal, getProposalFile, proposalScope } from "@/lib/golden-paths/queries";
import { getRun } from "@/lib/runs/queries";

interface Params {
  params: Promise<{ name: string; id: string }>;
}

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const { title } = await orNotFound(getProposal(await requireSignedIn(), { id: (await params).id }));
  return { title: `${title} · Editor` };
}

export default async function ProposalEditorPage({ params }: Params) {
  const [ctx, { id }] = await Promise.all([requireSignedIn(), params]);
  const proposal = await orNotFound(getProposal(ctx, { id }));
  const href = proposalPage(proposal);
  const crumbs = [{ label: proposal.goldenPath, href: `/golden-paths/${proposal.goldenPath}` }, { label: "Proposal", href }, { label: "Editor" }];
  if (!isEditable(proposal.status) || !can(ctx.actor, "golden-path.edit-proposal", await proposalScope(ctx, { id }))) {
    return (
      <Page crumbs={crumbs}>
        <div className="table-wrap">
          <Empty title="It cannot be edited now" action={<LinkButton href={href}>Open the proposal</LinkButton>}>
            Its author, or an owner of the team, edits it while it is a draft or was sent back. One that waits for review has to be taken back first.
          </Empty>
        </div>
      </Page>
    );
  }
  const [template, check, { items: tests }] = await Promise.all([getProposalFile(ctx, { id, path: "template.yaml" }), checkProposal(ctx, { id }), listProposalTests(ctx, { id })]);
  const run = tests[0] ? await orMissing(getRun(ctx, { id: tests[0].runId })) : null;
  return (
    <Page crumbs={crumbs}>
      <PathEditor
        key={`${id}:${proposal.baseVersion}`}
        draft={proposal.draft}
        template={template}
        check={check}
        testRuns={{ tests, run, now: ctx.now.toISOString() }}
        edited={{ kind: "proposal", id, title: proposal.title, href }}
      />
    </Page>
  );
}
