"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { useToast } from "@/components/ui/toast";
import { day } from "@/lib/core/format";
import { closeSurvey } from "@/lib/surveys/actions";
import type { Survey } from "@/lib/surveys/contract";

const STATES = { open: "Open", closed: "Closed", scheduled: "Scheduled" };

/** Surveys with participation as counts only. */
export function SurveysTable({ surveys }: { surveys: Survey[] }) {
  const [closing, setClosing] = useState<Survey | null>(null);
  const router = useRouter();
  const toast = useToast();
  const close = async (survey: Survey) => {
    const result = await closeSurvey({ id: survey.id });
    if (!result.ok) return result.error.message;
    toast(`The ${survey.title} survey is closed. Its results are published.`);
    router.refresh();
    return null;
  };
  const rows = surveys.map((survey) => ({
    key: survey.id,
    cells: {
      survey: (
        <Link className="name" href={survey.state === "closed" ? `/survey/results?survey=${survey.id}&data=${survey.isDemo ? "demo" : "live"}` : "/survey"}>
          {survey.title}
        </Link>
      ),
      state: (
        <span className="line">
          {STATES[survey.state]}
          {survey.isDemo ? <span className="badge">Demo</span> : null}
        </span>
      ),
      opened: <span className="muted">{day(survey.opensAt)}</span>,
      closed: <span className="muted">{day(survey.closedAt ?? survey.closesAt)}</span>,
      answered: `${survey.answered} of ${survey.asked}`,
      menu:
        survey.state === "open" ? (
          <Button size="sm" onClick={() => setClosing(survey)}>
            Close survey
          </Button>
        ) : (
          <span />
        ),
    },
  }));
  const columns = [
    { key: "survey", title: "Survey" },
    { key: "state", title: "State" },
    { key: "opened", title: "Opened", className: "desk-cell" },
    { key: "closed", title: "Closes or closed", className: "desk-cell" },
    { key: "answered", title: "Answered", align: "end" as const },
    { key: "menu", title: <span className="sr">Close</span>, align: "end" as const },
  ];
  const empty = <Empty title="No survey yet">Open one now, or wait for the day of the schedule.</Empty>;
  return (
    <>
      <Table caption="Surveys" columns={columns} rows={rows} empty={empty} foot={<span>{surveys.length === 1 ? "1 survey" : `${surveys.length} surveys`}</span>} />
      {closing ? (
        <ConfirmDialog
          open
          onOpenChange={(open) => (open ? undefined : setClosing(null))}
          title={`Close the ${closing.title} survey`}
          confirmLabel="Close survey"
          onConfirm={() => close(closing)}
        >
          {closing.answered} of {closing.asked} have answered; nobody can answer afterwards. Results are published at once and do not change
          {closing.answered < closing.k ? `. With fewer than ${closing.k} answers none of them can be shown` : ""}.
        </ConfirmDialog>
      ) : null}
    </>
  );
}
