import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AdminsOnly } from "@/components/admin/admins-only";
import { ChangesTimeline } from "@/components/golden-paths/changes-timeline";
import { FileDiffs } from "@/components/golden-paths/file-diffs";
import { VersionsTable } from "@/components/golden-paths/versions-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { isDomainError } from "@/lib/core/errors";
import { can } from "@/lib/core/policy";
import { requireSignedIn, type SignedInCtx } from "@/lib/core/session-ctx";
import { compareDraft, compareVersions, listVersions } from "@/lib/golden-paths/queries";

interface Params {
  params: Promise<{ name: string }>;
  searchParams: Promise<{ from?: string | string[]; to?: string | string[] }>;
}

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `${(await params).name}, history` };
}

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) ?? "";

export default async function PathHistoryPage({ params, searchParams }: Params) {
  const { name } = await params;
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "golden-path.edit")) {
    return (
      <Page crumbs={[{ label: "Golden paths" }]}>
        <AdminsOnly what="Golden paths are changed here." />
      </Page>
    );
  }
  const { from, to } = await searchParams;
  const history = await ifThere(listVersions(ctx, { name }));
  const compared = to ? await difference(ctx, name, one(from), one(to)) : null;
  if (!history && !compared) notFound();
  const now = ctx.now.toISOString();
  return (
    <Page crumbs={[{ label: "Golden paths", href: "/admin/golden-paths" }, { label: name, href: `/admin/golden-paths/${name}` }, { label: "History" }]}>
      <PageHead
        title={`${name}: versions and use`}
        sub="A published version never changes. Rolling back makes an older one current."
        actions={
          <>
            <LinkButton href={`/admin/golden-paths/${name}/services`}>Services</LinkButton>
            <LinkButton href={`/admin/golden-paths/${name}`}>Open editor</LinkButton>
          </>
        }
      />
      <div className="stack-8">
        {compared ? (
          <section>
            <SectionHead title={compared.title} aside={compared.files.length === 0 ? "nothing differs" : `${compared.files.length} files differ`} />
            <FileDiffs files={compared.files} />
          </section>
        ) : null}
        {history ? <VersionsTable versions={history.items} now={now} canPublish compareHref={`/admin/golden-paths/${name}/history`} /> : null}
        {history ? (
          <section>
            <SectionHead title="Who changed what" />
            <ChangesTimeline changes={history.changes} now={now} />
          </section>
        ) : null}
      </div>
    </Page>
  );
}

async function difference(ctx: SignedInCtx, name: string, from: string, to: string) {
  if (to === "draft") {
    const draft = await ifThere(compareDraft(ctx, { name, ...(from ? { with: from } : {}) }));
    return draft ? { title: draft.from ? `The draft against ${draft.from}` : "The draft, all new", files: draft.files } : null;
  }
  const versions = await ifThere(compareVersions(ctx, { name, from, to }));
  return versions ? { title: `${from} → ${to}`, files: versions.files } : null;
}

/** Null for what is not there or was never a version: the address is the reader's. */
async function ifThere<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isDomainError(error) && (error.code === "not_found" || error.code === "invalid")) return null;
    throw error;
  }
}
