import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { commitHref, commitsHref, repositoryHref, treeHref } from "@/components/repositories/addresses";
import { DiffView } from "@/components/repositories/diff-view";
import { LinkButton } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { readCommit } from "@/lib/repositories/queries";

interface Props {
  params: Promise<{ owner: string; name: string; sha: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, sha } = await params;
  return { title: `${sha.slice(0, 7)} · ${name}` };
}

export default async function CommitPage({ params }: Props) {
  const [ctx, { owner, name, sha }] = await Promise.all([requireSignedIn(), params]);
  const { repository, commit, files } = await orNotFound(readCommit(ctx, { owner, name, sha }));
  const [subject = "", ...body] = commit.message.split("\n");
  return (
    <Page
      crumbs={[
        { label: "Repositories", href: "/repositories" },
        { label: `${owner}/${name}`, href: repositoryHref(repository) },
        { label: "History", href: commitsHref(repository, repository.defaultBranch) },
        { label: commit.sha.slice(0, 7) },
      ]}
    >
      <PageHead
        title={subject || "(no message)"}
        meta={
          <>
            <span className="mono" title={commit.sha}>
              {commit.sha.slice(0, 7)}
            </span>
            <span>{commit.author}</span>
            <Time at={commit.authoredAt} now={ctx.now.toISOString()} />
            {commit.pushedBy ? <span>pushed by {commit.pushedBy}</span> : null}
            {commit.parents.map((parent) => (
              <Link key={parent} className="mono" href={commitHref(repository, parent)}>
                after {parent.slice(0, 7)}
              </Link>
            ))}
          </>
        }
        actions={<LinkButton href={treeHref(repository, commit.sha)}>Files at this commit</LinkButton>}
      />
      <div className="stack-6">
        {body.join("\n").trim() ? <p className="commit-body">{body.join("\n").trim()}</p> : null}
        {files ? <DiffView files={files} /> : <Notice tone="info">The change is larger than 2 MB and is not shown here. Clone the repository to see it.</Notice>}
        {files?.length === 0 ? <p className="muted">This commit changed no files against its first parent.</p> : null}
      </div>
    </Page>
  );
}
