"use client";

import { type ReactNode, useState } from "react";
import { EnvironmentsTable } from "@/components/environments/environments-table";
import { LogViewer } from "@/components/runs/log-viewer";
import { OutcomeCard } from "@/components/runs/outcome-card";
import { StepList } from "@/components/runs/step-list";
import { Blazes } from "@/components/ui/blazes";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { CodeBlock } from "@/components/ui/copy-button";
import { Empty } from "@/components/ui/empty";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Tabs } from "@/components/ui/tabs";
import { TimeLeft } from "@/components/ui/time-left";
import { useToast } from "@/components/ui/toast";
import { LONG, NOW, sampleEnvironment, sampleRun } from "./samples";

const STATUSES = "queued provisioning running ready succeeded healthy degraded unhealthy failed leaked deleting deleted cancelled skipped unknown".split(" ");
const LINES = [
  { seq: 1, at: NOW, step: "check", level: "info" as const, text: "Quota: 3 of 12 sandboxes." },
  { seq: 2, at: NOW, step: "sources", level: "warn" as const, text: `Left 1 file that was there already: ${LONG}.` },
  { seq: 3, at: NOW, step: "sources", level: "error" as const, text: "src/server.js, line 12: a template expression is not closed." },
];

/** Every shared component in every state, for looking at and for comparing pictures; only in development. */
export function Gallery() {
  return (
    <div className="page stack-8">
      <PageHead title="Gallery" sub="Every shared component in every state. Not part of the product." />
      <Part title="Status">
        <div className="line wrap gap-4">
          {STATUSES.map((value) => (
            <Status key={value} value={value} />
          ))}
        </div>
      </Part>
      <Buttons />
      <Fields />
      <Part title="Notices">
        <Notice tone="info">Live updates stopped at 14:38, reading every 5 s.</Notice>
        <Notice tone="warning">tax-eu is leaked. The platform team is told and tries again.</Notice>
        <Notice tone="danger">The list could not be loaded. Reference req_1m8c1kff163p35yb4t.</Notice>
      </Part>
      <Part title="Time left and blazes">
        <TimeLeft expiresAt="2026-11-25T14:38:00.000Z" ttlMinutes={2880} now={NOW} />
        <TimeLeft expiresAt="2026-11-23T16:00:00.000Z" ttlMinutes={2880} now={NOW} />
        <TimeLeft expiresAt="2026-11-23T14:44:00.000Z" ttlMinutes={2880} now={NOW} />
        <TimeLeft expiresAt={null} ttlMinutes={null} now={NOW} />
        <Blazes on={5} label="5 of 7 concepts" />
      </Part>
      <Part title="Tabs and code">
        <Tabs
          label="Whose"
          tabs={[
            { label: "Mine", href: "/gallery", current: true, count: 4 },
            { label: "All", href: "/gallery?all", current: false, count: 240 },
          ]}
        />
        <CodeBlock code="npx create-sandbox --template node-express --ttl 48h" />
      </Part>
      <Part title="Table: many, extreme, empty, filtered empty">
        <EnvironmentsTable
          items={[
            sampleEnvironment({}),
            sampleEnvironment({ id: "env_2", name: LONG, status: "leaked", expiresAt: null, ttl: null, statusReason: "The database is still there." }),
            sampleEnvironment({ id: "env_3", status: "provisioning", url: null, readyAt: null, health: { state: "unknown", checkedAt: null } }),
          ]}
          now={NOW}
          caption="Some environments"
        />
        <EnvironmentsTable items={[]} now={NOW} caption="No environments" />
        <EnvironmentsTable items={[]} now={NOW} caption="None that fit" filtered />
        <Empty title="You may not see this" action={<Button>Ask Olga Marin</Button>}>
          Only owners of the team checkout see its credentials.
        </Empty>
      </Part>
      {(["running", "failed", "succeeded"] as const).map((status) => (
        <RunPart key={status} status={status} />
      ))}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <SectionHead title={title} />
      <div className="stack-4">{children}</div>
    </section>
  );
}

function Buttons() {
  const toast = useToast();
  const [open, setOpen] = useState(false);
  return (
    <Part title="Buttons, toast, dialog">
      <div className="line wrap">
        <Button variant="primary">Create environment</Button>
        <Button>Restart</Button>
        <Button variant="quiet">Cancel</Button>
        <Button variant="danger" onClick={() => setOpen(true)}>
          Delete environment
        </Button>
        <Button variant="primary" pending>
          Create environment
        </Button>
        <Button onClick={() => toast("checkout-returns ends 24 h later", () => toast("Put back"))}>Show a toast</Button>
      </div>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title="Delete checkout-returns?"
        confirmLabel="Delete environment"
        onConfirm={async () => "Another run is at work. Wait for it to end."}
      >
        Its database with 3 tables and its log are lost.
      </ConfirmDialog>
    </Part>
  );
}

function Fields() {
  return (
    <Part title="Fields">
      <Field id="gallery-name" label="Name" help="2 to 40 characters." required>
        <input className="input" defaultValue="checkout-returns" {...fieldProps("gallery-name", undefined, true)} />
      </Field>
      <Field id="gallery-ttl" label="Time to live" error="TTL is 9999d; the longest is 7 d. Use 7d or less.">
        <input className="input" defaultValue="9999d" {...fieldProps("gallery-ttl", "TTL is 9999d")} />
      </Field>
    </Part>
  );
}

function RunPart({ status }: { status: "running" | "failed" | "succeeded" }) {
  const run = sampleRun(status);
  return (
    <Part title={`Run, ${status}`}>
      {run.outcome ? <OutcomeCard run={run} outcome={run.outcome} actions={<Button>Retry</Button>} /> : null}
      <StepList run={run} now={Date.parse(NOW)} selected={null} onSelect={() => {}} />
      <LogViewer label={`Log, ${status}`} lines={LINES} downloadHref="/gallery" state={status === "running" ? "live" : "ended"} />
    </Part>
  );
}
