import type { Metadata } from "next";
import { ActionEditor } from "@/components/actions/action-editor";
import { VersionsTable } from "@/components/actions/versions-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { PageHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { Tabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import type { ActionDetail } from "@/lib/actions/contract";
import { getAction } from "@/lib/actions/queries";
import { orNotFound } from "@/lib/core/page";
import { pick } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const TABS = ["edit", "history", "failures"] as const;
const WORDS = { edit: "Edit", history: "History", failures: "Failures" };
const STATUS_WORDS = { draft: "Draft, not published yet", published: "Published", disabled: "Disabled" };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title } = await orNotFound(getAction(await requireSignedIn(), await params));
  return { title: `${title} · Actions · Administration` };
}

export default async function AdminActionPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const action = await orNotFound(getAction(ctx, await params));
  const tab = pick((await searchParams).tab, TABS) ?? "edit";
  const now = ctx.now.toISOString();
  const counts = { edit: undefined, history: action.versions.length, failures: action.failures.length };
  const href = (one: (typeof TABS)[number]) => `/admin/actions/${action.name}${one === "edit" ? "" : `?tab=${one}`}`;
  return (
    <Page crumbs={[{ label: "Actions", href: "/admin/actions" }, { label: action.title }]}>
      <PageHead
        title={action.title}
        meta={
          <>
            <span className="badge">{STATUS_WORDS[action.status]}</span>
            {action.version === null ? null : <span>Version {action.version}</span>}
            <span>{action.runs28d} runs in 28 days</span>
            {action.isShipped ? <span>Came with Waymark</span> : null}
          </>
        }
        actions={action.status === "published" ? <LinkButton href={`/actions/${action.name}`}>Open as people see it</LinkButton> : null}
      />
      <Tabs label="Action" tabs={TABS.map((one) => ({ label: WORDS[one], href: href(one), current: one === tab, count: counts[one] }))} />
      {tab === "edit" ? <ActionEditor action={action} /> : null}
      {tab === "history" ? <VersionsTable action={action} now={now} /> : null}
      {tab === "failures" ? <Failures action={action} now={now} /> : null}
    </Page>
  );
}

function Failures({ action, now }: { action: ActionDetail; now: string }) {
  const rows = action.failures.map((run) => ({
    key: run.id,
    cells: {
      run: (
        <Link className="name" href={`/runs/${run.id}`}>
          {run.entityRef ?? run.id}
        </Link>
      ),
      cause: run.cause,
      at: <Time at={run.at} now={now} />,
    },
  }));
  const columns = [
    { key: "run", title: "Run" },
    { key: "cause", title: "Cause" },
    { key: "at", title: "When", className: "end" },
  ];
  return <Table caption="Last failures" columns={columns} rows={rows} empty={<Empty title="No failures">No run of this action has failed.</Empty>} />;
}
