import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { commitsHref, repositoryHref } from "@/components/repositories/addresses";
import { CommitsTable } from "@/components/repositories/commits-table";
import { RepositoryHead } from "@/components/repositories/repository-head";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listCommits } from "@/lib/repositories/queries";

interface Props {
  params: Promise<{ owner: string; name: string; ref: string[] }>;
  searchParams: Promise<{ page?: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await params;
  return { title: `History · ${name}` };
}

export default async function CommitsPage({ params, searchParams }: Props) {
  const [ctx, { owner, name, ref }, { page }] = await Promise.all([requireSignedIn(), params, searchParams]);
  const wanted = ref.map(decodeURIComponent).join("/");
  const pageNumber = /^[1-9]\d{0,3}$/.test(page ?? "") ? Number(page) : 1;
  const history = await orNotFound(listCommits(ctx, { owner, name, ref: wanted, page: pageNumber }));
  const { repository } = history;
  return (
    <Page crumbs={[{ label: "Repositories", href: "/repositories" }, { label: `${owner}/${name}`, href: repositoryHref(repository) }, { label: `History of ${history.ref}` }]}>
      <RepositoryHead repository={repository} current="commits" branch={history.ref} />
      <CommitsTable
        repository={repository}
        commits={history.items}
        total={history.total}
        page={history.page}
        hrefOf={commitsHref(repository, history.ref)}
        now={ctx.now.toISOString()}
      />
    </Page>
  );
}
