import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { pullsHref, repositoryHref } from "@/components/repositories/addresses";
import { OpenPull } from "@/components/repositories/pulls/open-pull";
import { PullsTable } from "@/components/repositories/pulls/pulls-table";
import { RepositoryHead } from "@/components/repositories/repository-head";
import { KeepFresh } from "@/components/ui/keep-fresh";
import { Tabs } from "@/components/ui/tabs";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { PULL_REQUEST_STATUSES } from "@/lib/repositories/contract";
import { listPullRequests, readPullRequestChoices } from "@/lib/repositories/queries";

interface Props {
  params: Promise<{ owner: string; name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Pull requests · ${(await params).name}` };
}

const WORDS = { open: "Open", merged: "Merged", closed: "Closed" };

export default async function PullRequestsPage({ params, searchParams }: Props) {
  const [ctx, { owner, name }, { status: asked, cursor, branch }] = await Promise.all([requireSignedIn(), params, searchParams]);
  const status = PULL_REQUEST_STATUSES.find((one) => one === asked) ?? "open";
  const [list, { repository, branches, defaultBranch }] = await Promise.all([
    orNotFound(listPullRequests(ctx, { owner, name, status, ...(typeof cursor === "string" ? { cursor } : {}) })),
    orNotFound(readPullRequestChoices(ctx, { owner, name })),
  ]);
  const mayOpen = repository.status === "ready" && can(ctx.actor, "pull-request.open", { teamId: repository.teamId });
  return (
    <Page crumbs={[{ label: "Repositories", href: "/repositories" }, { label: `${owner}/${name}`, href: repositoryHref(repository) }, { label: "Pull requests" }]}>
      <RepositoryHead repository={repository} current="pulls" branch={defaultBranch} />
      <div className="stack-4">
        <div className="toolbar">
          <Tabs
            label="Status"
            tight
            tabs={PULL_REQUEST_STATUSES.map((one) => ({ label: WORDS[one], href: pullsHref(repository, one), current: one === status, count: list.counts[one] }))}
          />
          {mayOpen && branches.length ? (
            <span className="count">
              <OpenPull
                repository={{ owner: repository.owner, name: repository.name }}
                branches={branches}
                defaultBranch={defaultBranch}
                branch={typeof branch === "string" ? branch : null}
              />
            </span>
          ) : null}
        </div>
        <PullsTable repository={repository} items={list.items} total={list.total} status={status} nextCursor={list.nextCursor} now={ctx.now.toISOString()} mayOpen={mayOpen} />
      </div>
      <KeepFresh busy={false} />
    </Page>
  );
}
