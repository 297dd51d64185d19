import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { repositoryHref, treeHref } from "@/components/repositories/addresses";
import { FileList, LastCommit } from "@/components/repositories/file-list";
import { FileView } from "@/components/repositories/file-view";
import { Readme } from "@/components/repositories/readme";
import { RepositoryHead } from "@/components/repositories/repository-head";
import { Markdown } from "@/components/ui/markdown";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { readTree } from "@/lib/repositories/queries";

interface Props {
  params: Promise<{ owner: string; name: string; at: string[] }>;
}

const decoded = (parts: string[]) => parts.map(decodeURIComponent).join("/");

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, at } = await params;
  return { title: `${decoded(at).split("/").at(-1)} · ${name}` };
}

export default async function TreePage({ params }: Props) {
  const [ctx, { owner, name, at }] = await Promise.all([requireSignedIn(), params]);
  const { repository, where, entries, file, readme, last } = await orNotFound(readTree(ctx, { owner, name, at: decoded(at) }));
  const now = ctx.now.toISOString();
  const ref = where?.ref ?? repository.defaultBranch;
  const folders = (where?.path ?? "").split("/").filter(Boolean);
  const crumbs = folders.map((label, index) => ({ label, href: treeHref(repository, ref, folders.slice(0, index + 1).join("/")) }));
  const isMarkdown = /\.(md|markdown)$/i.test(where?.path ?? "");
  return (
    <Page
      crumbs={[
        { label: "Repositories", href: "/repositories" },
        { label: `${owner}/${name}`, href: repositoryHref(repository) },
        { label: ref, href: treeHref(repository, ref) },
        ...crumbs,
      ]}
    >
      <RepositoryHead repository={repository} current="files" branch={ref} />
      <div className="stack-6">
        {where && file ? (
          <>
            {last ? (
              <div className="table-wrap">
                <LastCommit repository={repository} last={last} now={now} />
              </div>
            ) : null}
            {isMarkdown && file.text !== null ? (
              <section className="table-wrap p-4" aria-label={where.path}>
                <Markdown text={file.text} />
              </section>
            ) : (
              <FileView path={where.path} {...file} />
            )}
          </>
        ) : null}
        {where && !file ? <FileList repository={repository} at={ref} path={where.path} entries={entries} last={last} now={now} /> : null}
        {where && readme ? <Readme repository={repository} at={ref} file={readme} /> : null}
      </div>
    </Page>
  );
}
