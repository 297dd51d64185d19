import type { Metadata } from "next";
import { MonthlyReport } from "@/components/delivery/monthly-report";
import { PrintButton } from "@/components/delivery/print-button";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { orMissing, orNotFound } from "@/lib/core/page";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { DATA_KINDS } from "@/lib/metrics/contract";
import { getDeliveryReport, getDeliveryScope } from "@/lib/metrics/queries";
import { npsMetric } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Monthly report" };

const shifted = (month: string, by: number) => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + by)).toISOString().slice(0, 7);

export default async function DeliveryReportPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const month = text(params.month);
  const data = pick(params.data, DATA_KINDS);
  const node = text(params.node) ?? (await getDeliveryScope(ctx, {})).home;
  const ask = { node, ...(data ? { data } : {}), ...(month && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? { month } : {}) };
  const report = await orNotFound(getDeliveryReport(ctx, ask));
  const { from, to } = report.metrics[0]?.window ?? {};
  const nps = await orMissing(npsMetric(ctx, { node, from, to, data: report.data }));
  const address = (at: string) => `/delivery/report?${new URLSearchParams({ node, month: at, data: report.data })}`;
  return (
    <Page crumbs={[{ label: "Delivery", href: `/delivery?node=${encodeURIComponent(node)}` }, { label: "Monthly report" }]}>
      <MonthlyReport
        report={report}
        nps={nps?.summary ?? null}
        link={address(report.month)}
        actions={
          <>
            <LinkButton href={address(shifted(report.month, -1))}>Month before</LinkButton>
            {report.isPartial ? null : <LinkButton href={address(shifted(report.month, 1))}>Month after</LinkButton>}
            <PrintButton />
          </>
        }
      />
    </Page>
  );
}
