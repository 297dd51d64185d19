"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { givenValues, setArguments } from "@/components/form/given-values";
import { SchemaForm, type Values } from "@/components/form/schema-form";
import { useFormCount } from "@/components/golden-paths/use-form-count";
import { GuardrailsPart } from "@/components/guardrails/guardrails-part";
import { useGuardrails } from "@/components/guardrails/use-guardrails";
import { Blazes } from "@/components/ui/blazes";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/copy-button";
import { Field, fieldProps } from "@/components/ui/field";
import { fieldErrors, NOTHING_TOLD } from "@/components/ui/field-errors";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { duration } from "@/lib/core/format";
import { checkCreateEnvironment, createEnvironment } from "@/lib/environments/actions";
import type { Quota } from "@/lib/environments/contract";
import { type GoldenPath, MAX_CONCEPTS } from "@/lib/golden-paths/contract";
import { QuotaLine } from "./quota-line";

interface Props {
  paths: GoldenPath[];
  teams: string[];
  quotas: Quota[];
  chosen: string | null;
  limits: { defaultTtl: string; maxTtl: string };
  isolation: string;
}

const TTL_CHOICES = ["4h", "24h", "48h", "7d"];

const DATABASE = { postgres: "PostgreSQL, own role and database", none: "none", "by-answer": "PostgreSQL with an own role, if you ask for one" };

/** Asked elsewhere on this page, or known: the environment's name and its team. */
const NOT_ASKED = ["name", "owner", "system"];

function commandLine(path: string, ttl: string, name: string, team: string | null, answers: string[]): string {
  return ["npx create-sandbox --template", path, "--ttl", ttl, ...(name ? ["--name", name] : []), ...(team ? ["--team", team] : []), ...answers].join(" ");
}

export function CreateEnvironmentForm({ paths, teams, quotas, chosen, limits, isolation }: Props) {
  const [pathName, setPathName] = useState(chosen ?? paths[0]?.name ?? "");
  const [name, setName] = useState("");
  const [ttl, setTtl] = useState(limits.defaultTtl);
  const [team, setTeam] = useState(teams[0] ?? "");
  // By path: the form fills in defaults, which another path does not ask for.
  const [given, setGiven] = useState<Record<string, Values>>({});
  const answers = given[pathName] ?? {};
  const [told, tell] = useState(NOTHING_TOLD);
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const path = paths.find((one) => one.name === pathName);
  const count = useFormCount(path);
  const pages = path?.parameters ?? [];
  const values = Object.fromEntries(Object.entries(givenValues(pages, answers)).filter(([key]) => !NOT_ASKED.includes(key)));

  const guard = useGuardrails(path ? { goldenPath: pathName, ttl, ...(name ? { name } : {}), ...(team ? { team } : {}), values } : null, checkCreateEnvironment);
  const shown = guard.together(told);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const form = event.currentTarget;
    setPending(true);
    const result = await createEnvironment({ goldenPath: pathName, ttl, ...(name ? { name } : {}), ...(team ? { team } : {}), values });
    if (result.ok) {
      count.sent();
      router.push(`/runs/${result.data.run.id}`);
      return;
    }
    setPending(false);
    tell(fieldErrors(result.error));
    const first = result.error.fields[0]?.path;
    if (first) form.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };

  return (
    <form className="with-rail" onSubmit={submit} noValidate>
      <div className="stack-8 form">
        <fieldset className="stack border-0 p-0">
          <legend className="label mb-1">Golden path</legend>
          {paths.map((one) => (
            <label key={one.name} className="path-choice">
              <input type="radio" name="goldenPath" value={one.name} checked={one.name === pathName} onChange={() => setPathName(one.name)} />
              <span className="line spread">
                <span className="strong">{one.name}</span>
                <span className="muted">{one.usual ? `usually ${duration(one.usual.medianMs)}` : "no runs yet"}</span>
              </span>
              <span className="line spread">
                <span className="muted">{one.title}</span>
                <Blazes on={one.concepts.length} label={`${one.concepts.length} of ${MAX_CONCEPTS} concepts to know`} />
              </span>
            </label>
          ))}
          {shown.goldenPath ? <p className="t-danger">{shown.goldenPath}</p> : null}
        </fieldset>
        <div className="stack-4" onFocusCapture={count.onFocusCapture}>
          <Field id="name" label="Name" help="Becomes the address. Left empty, Waymark finds one." error={shown.name}>
            <input
              {...fieldProps("name", shown.name, true)}
              className="input"
              placeholder="checkout-vouchers"
              value={name}
              onChange={(event) => setName(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
          <Field id="ttl" label="Ends after" help={`A number and m, h or d, at most ${limits.maxTtl}. It can be extended later.`} error={shown.ttl}>
            <div className="line">
              <input {...fieldProps("ttl", shown.ttl, true)} className="input max-w-[120px]" value={ttl} onChange={(event) => setTtl(event.target.value)} autoComplete="off" />
              <span className="btn-group" role="group" aria-label="Usual lifetimes">
                {TTL_CHOICES.map((choice) => (
                  <Button key={choice} aria-pressed={ttl === choice} onClick={() => setTtl(choice)}>
                    {choice}
                  </Button>
                ))}
              </span>
            </div>
          </Field>
          {teams.length > 1 ? (
            <Field id="team" label="Team" error={shown.team}>
              <select {...fieldProps("team", shown.team)} className="input" value={team} onChange={(event) => setTeam(event.target.value)}>
                {teams.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </Field>
          ) : null}
          <SchemaForm
            key={pathName}
            pages={pages}
            values={answers}
            onChange={(changed) => setGiven((before) => ({ ...before, [pathName]: changed }))}
            errors={errorsBelow(shown)}
            without={NOT_ASKED}
          />
        </div>
        {told.message ? <Notice tone="danger">{told.message}</Notice> : null}
        <div>
          <Button type="submit" variant="primary" pending={pending}>
            Create environment
          </Button>
        </div>
      </div>
      <aside className="stack-8">
        <section>
          <SectionHead title="What will be made" />
          <dl className="facts narrow">
            <dt>Path</dt>
            <dd>{path ? `${path.name} ${path.version}` : "—"}</dd>
            <dt>Database</dt>
            <dd>{path ? DATABASE[path.database] : "—"}</dd>
            <dt>Isolation</dt>
            <dd>{isolation}</dd>
            <dt>Memory</dt>
            <dd>{path ? `${path.memoryMiB} MiB` : "—"}</dd>
            <dt>Ends</dt>
            <dd>after {ttl || "—"}; everything above is removed</dd>
            <dt>Quota</dt>
            <dd>
              <QuotaLine quotas={quotas.filter((quota) => quota.team === team)} />
            </dd>
          </dl>
        </section>
        <GuardrailsPart report={guard.report} problem={guard.problem} isStale={guard.isStale} />
        {path ? (
          <section>
            <SectionHead title="Concepts to know" aside={`${path.concepts.length} of ${MAX_CONCEPTS}`} />
            <ol className="list bare">
              {path.concepts.map((concept) => (
                <li key={concept}>{concept}</li>
              ))}
            </ol>
          </section>
        ) : null}
        <section>
          <SectionHead title="The same on the command line" />
          <CodeBlock code={commandLine(pathName, ttl, name, teams.length > 1 ? team : null, setArguments(values, path?.secretQuestions))} />
        </section>
      </aside>
    </form>
  );
}

/** Problems of the golden path's own questions. */
function errorsBelow(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).flatMap(([path, message]) => (path.startsWith("values.") ? [[path.slice("values.".length), message]] : [])));
}
