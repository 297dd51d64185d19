import type { Metadata } from "next";
import { FileDiffs } from "@/components/golden-paths/file-diffs";
import { AuthorActions } from "@/components/golden-paths/proposals/author-actions";
import { Discussion } from "@/components/golden-paths/proposals/discussion";
import { ProposalChecks } from "@/components/golden-paths/proposals/proposal-checks";
import { proposalPage, shownProposalStatus } from "@/components/golden-paths/proposals/proposals-table";
import { ReviewActions } from "@/components/golden-paths/proposals/review-actions";
import { StartProposalTest } from "@/components/golden-paths/proposals/start-test";
import { Page } from "@/components/layout/page";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { orMissing, orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listProposalTests } from "@/lib/environments/queries";
import { checkProposal, compareProposal, getProposal, getVersion, proposalScope } from "@/lib/golden-paths/queries";

interface Params {
  params: Promise<{ name: string; id: string }>;
}

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const { title } = await orNotFound(getProposal(await requireSignedIn(), { id: (await params).id }));
  return { title: `${title} · Proposals` };
}

export default async function ProposalPage({ params }: Params) {
  const [ctx, { id }] = await Promise.all([requireSignedIn(), params]);
  const proposal = await orNotFound(getProposal(ctx, { id }));
  const { goldenPath, baseVersion, currentVersion } = proposal;
  const [scope, check, { files }, tests, base] = await Promise.all([
    proposalScope(ctx, { id }),
    checkProposal(ctx, { id }),
    compareProposal(ctx, { id }),
    listProposalTests(ctx, { id }),
    currentVersion === null ? null : orMissing(getVersion(ctx, { name: goldenPath, version: baseVersion })),
  ]);
  const may = {
    edit: can(ctx.actor, "golden-path.edit-proposal", scope),
    review: can(ctx.actor, "golden-path.review", scope),
    comment: can(ctx.actor, "golden-path.comment", scope),
  };
  const now = ctx.now.toISOString();
  const crumbs = may.review
    ? [{ label: "Proposals", href: "/admin/golden-paths?tab=proposals" }, { label: proposal.title }]
    : [{ label: goldenPath, href: `/golden-paths/${goldenPath}` }, { label: proposal.title }];
  return (
    <Page crumbs={crumbs}>
      <PageHead
        title={proposal.title}
        meta={
          <>
            <Status value={shownProposalStatus(proposal)} />
            <span>
              For{" "}
              <Link className="link" href={`/golden-paths/${goldenPath}`}>
                {goldenPath}
              </Link>{" "}
              {baseVersion}
            </span>
            <span>
              By {proposal.author.name}, team {proposal.team.split("/").at(-1)}
            </span>
            <span>
              {proposal.submittedAt ? "Submitted " : "Begun "}
              <Time at={proposal.submittedAt ?? proposal.createdAt} now={now} />
            </span>
            {proposal.publishedVersion ? <span>Came out with {proposal.publishedVersion}</span> : null}
            {proposal.isDemo ? <span className="badge">Demo</span> : null}
          </>
        }
        actions={
          <>
            {may.edit ? <AuthorActions proposal={proposal} editHref={`${proposalPage(proposal)}/edit`} /> : null}
            {may.review ? <ReviewActions proposal={proposal} suggestedVersion={proposal.draft.suggestedVersion} /> : null}
          </>
        }
      />
      {currentVersion === null ? (
        <div className="mb-6">
          <Notice tone="warning">{`The golden path ${goldenPath} is not there any more, so this can no longer be accepted. Its text stays readable here.`}</Notice>
        </div>
      ) : currentVersion !== baseVersion && !proposal.publishedVersion ? (
        <div className="mb-6">
          <Notice tone="info">{`It began from ${baseVersion}, and ${currentVersion} is the current version now. Accepting merges both; what does not fit is told.`}</Notice>
        </div>
      ) : null}
      <div className="with-rail">
        <div className="stack-8 min-w-0">
          <section>
            <SectionHead title="Why" />
            <p className="whitespace-pre-wrap break-words">{proposal.reason}</p>
          </section>
          <section>
            <SectionHead title="Discussion" />
            <Discussion id={id} events={proposal.events} now={now} mayComment={may.comment} />
          </section>
          <section>
            <SectionHead
              title="What changes"
              aside={files.length === 0 ? undefined : `${files.length} ${files.length === 1 ? "file differs" : "files differ"} from ${baseVersion}`}
            />
            {files.length === 0 ? (
              <Empty title="Nothing differs yet">{`The files are those of ${goldenPath} ${baseVersion}. The author changes them in the editor.`}</Empty>
            ) : (
              <FileDiffs files={files} />
            )}
          </section>
        </div>
        <aside className="stack-8">
          <ProposalChecks check={check} conceptsBefore={base?.concepts ?? check.concepts.length} tests={tests.items} revision={proposal.revision} now={now} />
          {may.review && proposal.status === "submitted" ? <StartProposalTest id={id} revision={proposal.revision} /> : null}
        </aside>
      </div>
    </Page>
  );
}
