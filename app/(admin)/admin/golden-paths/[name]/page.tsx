import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { PathEditor } from "@/components/golden-paths/editor/path-editor";
import { StartEditing } from "@/components/golden-paths/start-editing";
import { VersionsTable } from "@/components/golden-paths/versions-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { isDomainError } from "@/lib/core/errors";
import { orMissing, orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn, type SignedInCtx } from "@/lib/core/session-ctx";
import { listDraftTests } from "@/lib/environments/queries";
import { checkDraft, getDraft, getDraftFile, listVersions } from "@/lib/golden-paths/queries";
import { getRun } from "@/lib/runs/queries";

interface Params {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `${(await params).name}, path editor` };
}

export default async function PathEditorPage({ params }: Params) {
  const { name } = await params;
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "golden-path.edit")) {
    return (
      <Page crumbs={[{ label: "Golden paths" }]}>
        <AdminsOnly what="Golden paths are changed here." />
      </Page>
    );
  }
  const draft = await draftOf(ctx, name);
  const crumbs = [{ label: "Golden paths", href: "/admin/golden-paths" }, { label: name }];
  if (!draft) return <Published {...{ ctx, name, crumbs }} />;
  const [template, check, { items: tests }] = await Promise.all([getDraftFile(ctx, { name, path: "template.yaml" }), checkDraft(ctx, { name }), listDraftTests(ctx, { name })]);
  const run = tests[0] ? await orMissing(getRun(ctx, { id: tests[0].runId })) : null;
  return (
    <Page crumbs={crumbs}>
      <PathEditor key={draft.createdAt} draft={draft} template={template} check={check} testRuns={{ tests, run, now: ctx.now.toISOString() }} edited={{ kind: "draft" }} />
    </Page>
  );
}

async function draftOf(ctx: SignedInCtx, name: string) {
  try {
    return await getDraft(ctx, { name });
  } catch (error) {
    if (isDomainError(error) && (error.code === "not_found" || error.code === "invalid")) return null;
    throw error;
  }
}

async function Published({ ctx, name, crumbs }: { ctx: SignedInCtx; name: string; crumbs: { label: string; href?: string }[] }) {
  const { items } = await orNotFound(listVersions(ctx, { name }));
  const current = items.find(({ isCurrent }) => isCurrent);
  return (
    <Page crumbs={crumbs}>
      <PageHead
        title={name}
        sub={`${current?.version ?? "No version"} is current and nobody is changing it.`}
        actions={
          <>
            <LinkButton href={`/api/v1/golden-paths/${name}/archive?format=zip`} external>
              Export
            </LinkButton>
            <LinkButton href={`/admin/golden-paths/${name}/history`}>History</LinkButton>
            <StartEditing name={name} label="Edit golden path" primary />
          </>
        }
      />
      <VersionsTable versions={items} now={ctx.now.toISOString()} canPublish compareHref={`/admin/golden-paths/${name}/history`} />
    </Page>
  );
}
