import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Page } from "@/components/layout/page";
import { commitHref, commitsHref, pullHref, pullsHref, repositoryHref, treeHref } from "@/components/repositories/addresses";
import { CommitsTable } from "@/components/repositories/commits-table";
import { DiffView } from "@/components/repositories/diff-view";
import { Checks } from "@/components/repositories/pulls/checks";
import { PullActions } from "@/components/repositories/pulls/pull-actions";
import { pullStatus } from "@/components/repositories/pulls/pull-words";
import { KeepFresh } from "@/components/ui/keep-fresh";
import { Link } from "@/components/ui/link";
import { Markdown } from "@/components/ui/markdown";
import { Notice } from "@/components/ui/notice";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { readPullRequest } from "@/lib/repositories/queries";

interface Props {
  params: Promise<{ owner: string; name: string; number: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, number } = await params;
  return { title: `#${number} · ${name}` };
}

export default async function PullRequestPage({ params }: Props) {
  const [ctx, { owner, name, number }] = await Promise.all([requireSignedIn(), params]);
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  const { repository, pullRequest: pull, commits, files, checks, mergeState, mergeRun } = await orNotFound(readPullRequest(ctx, { owner, name, number: Number(number) }));
  const now = ctx.now.toISOString();
  const isMerging = pull.status === "open" && (mergeRun?.status === "queued" || mergeRun?.status === "running");
  const isWritable = repository.status === "ready";
  const may = {
    edit: isWritable && can(ctx.actor, "pull-request.edit", { teamId: repository.teamId }),
    merge: isWritable && can(ctx.actor, "pull-request.merge", { teamId: repository.teamId }),
  };
  const canMerge = mergeState === "clean" && !pull.isDraft && checks.every(({ state, isRequired }) => state === "passed" || !isRequired);
  return (
    <Page
      crumbs={[
        { label: "Repositories", href: "/repositories" },
        { label: `${owner}/${name}`, href: repositoryHref(repository) },
        { label: "Pull requests", href: pullsHref(repository) },
        { label: `#${pull.number}` },
      ]}
    >
      <PageHead
        title={
          <>
            {pull.title} <span className="muted">#{pull.number}</span>
          </>
        }
        meta={
          <>
            <Status value={pullStatus(pull)} />
            <span>
              <Link className="mono" href={mergeState === "gone" || pull.status !== "open" ? commitHref(repository, pull.head) : treeHref(repository, pull.sourceBranch)}>
                {pull.sourceBranch}
              </Link>{" "}
              into{" "}
              <Link className="mono" href={treeHref(repository, pull.targetBranch)}>
                {pull.targetBranch}
              </Link>
            </span>
            <span>
              by {pull.author ? pull.author.name : "Waymark"}, <Time at={pull.createdAt} now={now} />
            </span>
            {pull.endedAt ? (
              <span>
                {pull.status} {pull.endedBy ? `by ${pull.endedBy} ` : ""}
                <Time at={pull.endedAt} now={now} />
              </span>
            ) : null}
            {pull.mergeCommit ? (
              <Link className="mono" href={commitHref(repository, pull.mergeCommit)}>
                as {pull.mergeCommit.slice(0, 7)}
              </Link>
            ) : null}
          </>
        }
        actions={<PullActions repository={{ owner: repository.owner, name: repository.name }} pull={pull} canMerge={canMerge} isMerging={isMerging} may={may} />}
      />
      <div className="stack-8">
        {mergeRun?.status === "failed" && pull.status === "open" ? (
          <Notice tone="danger" action={<Link href={`/runs/${mergeRun.id}`}>Open run</Link>}>
            It was not merged. {mergeRun.outcome?.cause} {mergeRun.outcome?.nextAction}
          </Notice>
        ) : null}
        {pull.body.trim() ? (
          <section className="table-wrap p-4" aria-label="What changes and why">
            <h2 className="sr">What changes and why</h2>
            <Markdown text={pull.body} />
          </section>
        ) : null}
        <Checks checks={checks} />
        <section>
          <SectionHead title="Commits" aside={commits.length} />
          <CommitsTable repository={repository} commits={commits} total={commits.length} page={1} hrefOf={commitsHref(repository, pull.sourceBranch)} now={now} />
        </section>
        <section>
          <SectionHead title="Changes" aside={files ? `${files.length} ${files.length === 1 ? "file" : "files"}` : undefined} />
          {files ? <DiffView files={files} /> : <Notice tone="info">The change is larger than 2 MB and is not shown here. Clone the repository to see it.</Notice>}
          {files?.length === 0 ? (
            <p className="muted">
              {pull.targetBranch} has everything of {pull.sourceBranch} already.
            </p>
          ) : null}
        </section>
      </div>
      <KeepFresh key={pullHref(repository, pull.number)} busy={isMerging} />
    </Page>
  );
}
