"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { EntityInput } from "@/components/form/entity-input";
import { Button, LinkButton } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { loadHistory } from "@/lib/metrics/actions";
import { HISTORY_DEPLOYMENTS, HISTORY_SOURCES, type HistoryRun } from "@/lib/metrics/contract";

const SOURCE_WORDS = { known: "The service's repository in Waymark", address: "An address that git can clone", github: "A repository at the connected GitHub" };
const DEPLOYMENT_WORDS = { tags: "Tags of the repository", list: "A list, as CSV or JSON", github: "Deployments at GitHub" };
const LIST_EXAMPLE = "commit,finished_at,environment,status\nv1.4.0,2026-03-02T14:05:00Z,production,success";

interface Props {
  service: string;
  /** Components to choose from. */
  services: { value: string; label: string }[];
  looked: HistoryRun | null;
}

/** Asks for the past of a service: first only to say what would be loaded, then to load it. Both are runs with a log. */
export function LoadHistoryForm({ service, services, looked }: Props) {
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const asked = looked?.asked;
  const [form, setForm] = useState({
    service: asked?.service ?? service,
    source: asked?.source ?? "known",
    address: asked?.address ?? "",
    repository: asked?.source === "known" ? "" : (asked?.repository ?? ""),
    deployments: asked?.deployments ?? "tags",
    tags: (asked?.tags ?? ["v*"]).join(", "),
    list: asked?.list ?? "",
    environment: asked?.environment ?? "production",
    since: asked?.since ?? "",
  });
  const set = <K extends keyof typeof form>(name: K, value: (typeof form)[K]) => setForm({ ...form, [name]: value });
  const start = (dryRun: boolean) => {
    const { address, repository, list, since, tags, ...rest } = form;
    const input = {
      ...rest,
      ...(form.source === "address" ? { address } : {}),
      ...(form.source !== "known" && repository ? { repository } : {}),
      ...(form.deployments === "tags" ? { tags: tags.split(/[\s,]+/).filter(Boolean) } : {}),
      ...(form.deployments === "list" ? { list } : {}),
      ...(since ? { since } : {}),
      dryRun,
    };
    void submit(
      () => loadHistory(input),
      ({ run }) => router.push(`/runs/${run.id}`),
    );
  };
  const line = (name: "address" | "repository" | "tags" | "environment" | "since", label: string, help: string, more: { placeholder?: string; type?: string } = {}) => (
    <Field id={name} label={label} help={help} error={errors[name]}>
      <input className="input" {...fieldProps(name, errors[name], true)} value={form[name]} autoComplete="off" onChange={(event) => set(name, event.target.value)} {...more} />
    </Field>
  );
  return (
    <form
      className="stack-4 form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        start(!looked);
      }}
      noValidate
    >
      {looked ? (
        <Notice tone={looked.run.status === "failed" ? "danger" : "info"} action={<LinkButton href={`/runs/${looked.run.id}`}>Log</LinkButton>}>
          {looked.run.summary ?? "This run is still at work."}
        </Notice>
      ) : null}
      <Field id="service" label="Service" help="Type a part of its name and choose, or give its reference." error={errors.service}>
        <EntityInput
          {...fieldProps("service", errors.service, true)}
          entities={services}
          value={form.service}
          placeholder="component:default/checkout-api"
          onChange={(event) => set("service", event.target.value)}
        />
      </Field>
      <Field id="source" label="Where its commits are" error={errors.source}>
        <ChoiceField
          {...fieldProps("source", errors.source)}
          value={form.source}
          onChange={(event) => set("source", HISTORY_SOURCES.find((one) => one === event.target.value) ?? "known")}
          options={HISTORY_SOURCES.map((value) => ({ value, label: SOURCE_WORDS[value] }))}
        />
      </Field>
      {form.source === "address" ? line("address", "Address", "As for git clone, over https.", { placeholder: "https://git.example/acme/shop" }) : null}
      {form.source === "github"
        ? line("repository", "Repository at GitHub", "Only platform admins may name one that Waymark does not have yet.", { placeholder: "acme/shop" })
        : null}
      <Field id="deployments" label="What tells of its deployments" error={errors.deployments}>
        <ChoiceField
          {...fieldProps("deployments", errors.deployments)}
          value={form.deployments}
          onChange={(event) => set("deployments", HISTORY_DEPLOYMENTS.find((one) => one === event.target.value) ?? "tags")}
          options={HISTORY_DEPLOYMENTS.map((value) => ({ value, label: DEPLOYMENT_WORDS[value] }))}
        />
      </Field>
      {form.deployments === "tags"
        ? line("tags", "Tags", "Each is one deployment, at the time that the tag was made. * stands for anything; one that begins with ! leaves out: v*, !*-rc*.")
        : null}
      {form.deployments === "list" ? (
        <Field
          id="list"
          label="List"
          help="The first line names the columns: commit (a hash, tag or branch) and finished_at; also started_at, external_id, environment, tier, status, flags, remediates, release_id."
          error={errors.list}
        >
          <textarea
            className="input mono"
            rows={8}
            spellCheck={false}
            {...fieldProps("list", errors.list, true)}
            value={form.list}
            placeholder={LIST_EXAMPLE}
            onChange={(event) => set("list", event.target.value)}
          />
        </Field>
      ) : null}
      {form.deployments === "github" ? null : line("environment", "Environment", "Where tags, and rows that name none, were deployed to.")}
      {line("since", "From this day on", "Left empty, everything there is. The first deployment that is loaded is the baseline.", { type: "date" })}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button type="submit" variant="primary" pending={pending}>
          {looked ? "Load history" : "Look what it would load"}
        </Button>
        <Button onClick={() => start(Boolean(looked))} pending={pending}>
          {looked ? "Look again" : "Load without looking"}
        </Button>
      </div>
    </form>
  );
}
