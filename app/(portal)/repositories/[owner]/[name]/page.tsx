import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { CloneBox } from "@/components/repositories/clone-box";
import { FileList } from "@/components/repositories/file-list";
import { Readme } from "@/components/repositories/readme";
import { RefLinks } from "@/components/repositories/ref-links";
import { RepositoryHead } from "@/components/repositories/repository-head";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { providerTitle } from "@/lib/repositories/contract";
import { getRepository, readTree } from "@/lib/repositories/queries";

interface Props {
  params: Promise<{ owner: string; name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { owner, name } = await params;
  return { title: `${owner}/${name} · Repositories` };
}

export default async function RepositoryPage({ params }: Props) {
  const [ctx, { owner, name }] = await Promise.all([requireSignedIn(), params]);
  const [repository, tree] = await Promise.all([orNotFound(getRepository(ctx, { owner, name })), orNotFound(readTree(ctx, { owner, name }))]);
  const { defaultBranch, cloneUrl, provider, branches, tags, status } = repository;
  const mayPush = status === "ready" && can(ctx.actor, "repository.push", { teamId: repository.teamId });
  return (
    <Page crumbs={[{ label: "Repositories", href: "/repositories" }, { label: `${owner}/${name}` }]}>
      <RepositoryHead repository={repository} current="files" branch={defaultBranch} />
      <div className="with-rail">
        <div className="stack-6">
          {provider !== "waymark" ? (
            <div className="table-wrap">
              <Empty
                title={`The files are at ${providerTitle(provider)}`}
                action={
                  <LinkButton href={repository.webUrl} external>
                    Open there
                  </LinkButton>
                }
              >
                Browse them there; Waymark reads the repository for deployments and figures.
              </Empty>
            </div>
          ) : tree.where ? (
            <FileList repository={repository} at={tree.where.ref} path="" entries={tree.entries} last={tree.last} now={ctx.now.toISOString()} />
          ) : (
            <div className="table-wrap">
              <Empty title="The repository is empty">Clone it, commit something to {defaultBranch} and push: the files appear here.</Empty>
            </div>
          )}
          {tree.readme && tree.where ? <Readme repository={repository} at={tree.where.ref} file={tree.readme} /> : null}
        </div>
        <aside className="stack-8">
          <CloneBox cloneUrl={cloneUrl} provider={provider} mayPush={mayPush} />
          <RefLinks repository={repository} title="Branches" refs={branches} current={defaultBranch} />
          <RefLinks repository={repository} title="Tags" refs={tags} />
        </aside>
      </div>
    </Page>
  );
}
