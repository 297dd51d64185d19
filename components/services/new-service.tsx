"use client";

import { Check } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { askedValues, setArguments } from "@/components/form/given-values";
import type { Values } from "@/components/form/schema-form";
import type { PickerOption, Pickers } from "@/components/form/widgets";
import { useFormCount } from "@/components/golden-paths/use-form-count";
import { GuardrailsPart } from "@/components/guardrails/guardrails-part";
import { useGuardrails } from "@/components/guardrails/use-guardrails";
import { Blazes } from "@/components/ui/blazes";
import { CodeBlock } from "@/components/ui/copy-button";
import { SectionHead } from "@/components/ui/page-head";
import { useSubmit } from "@/components/ui/use-submit";
import type { ActionResult } from "@/lib/core/action";
import { duration } from "@/lib/core/format";
import { questionTypes } from "@/lib/core/text-answers";
import { checkCreateService, checkRunGoldenPath, createService, dryRunService, runGoldenPath } from "@/lib/golden-paths/actions";
import { type GoldenPath, MAX_CONCEPTS, type ServiceDryRun } from "@/lib/golden-paths/contract";
import type { RepositoryHost } from "@/lib/platform/contract";
import type { RepositoryProviderName } from "@/lib/repositories/contract";
import { forgetAnswers, useAnswersDraft } from "./answers-draft";
import { PathPicker } from "./path-picker";
import { Questions } from "./questions";
import { Review } from "./review";

type Guard = ReturnType<typeof useGuardrails>;

const STAGES = ["Golden path", "Answers", "Review"] as const;
type Stage = 0 | 1 | 2;

interface Props {
  paths: GoldenPath[];
  /** From the address; null = nothing chosen yet. */
  chosen: string | null;
  owners: PickerOption[];
  /** What the form's pickers offer beside the teams. */
  pickers: Omit<Pickers, "owners">;
  hosts: RepositoryHost[];
}

export function NewService({ paths, chosen, owners, pickers, hosts }: Props) {
  const [pathName, setPathName] = useState(chosen ?? paths[0]?.name ?? "");
  const [stage, setStage] = useState<Stage>(chosen ? 1 : 0);
  const [answers, setAnswers] = useState<Values>({ owner: owners[0]?.value });
  useAnswersDraft(
    paths.find((one) => one.name === pathName),
    answers,
    setAnswers,
  );
  const [provider, setProvider] = useState<RepositoryProviderName | null>(null);
  /** The answers that the problems are about: a changed one is no longer accused. */
  const [judged, setJudged] = useState<Values>({});
  const [dryRun, setDryRun] = useState<ServiceDryRun | null>(null);
  const look = useSubmit();
  const make = useSubmit();
  const router = useRouter();
  const path = paths.find((one) => one.name === pathName);
  const count = useFormCount(path);
  useEffect(() => {
    if (stage > 0) count.open();
  }, [stage, count]);
  const pages = path?.parameters ?? [];
  const values = askedValues(pages, answers);
  const team = questionTypes(pages).has("owner") ? {} : { team: owners[0]?.value };
  const place = provider ?? usualPlace(path, hosts);
  const change = { name: pathName, values, ...team };
  const input = { values, ...team, ...(hosts.length > 0 ? { provider: place } : {}) };

  const go = (next: Stage) => {
    setStage(next);
    window.scrollTo({ top: 0 });
  };
  const choose = () => {
    window.history.replaceState(null, "", `/services/new?path=${encodeURIComponent(pathName)}`);
    go(1);
  };
  const review = () => {
    setJudged(answers);
    return look.submit(
      () => dryRunService({ name: pathName, ...input }),
      (result) => {
        setDryRun(result);
        go(2);
      },
    );
  };
  const create = () =>
    make.submit(
      async (): Promise<ActionResult<{ run: { id: string } }>> => (path?.makes === "change" ? runGoldenPath(change) : createService({ goldenPath: pathName, ...input })),
      ({ run }) => {
        forgetAnswers(pathName);
        count.sent();
        router.push(`/runs/${run.id}`);
      },
    );
  // A name that was taken while the review was being read leads back to its question.
  useEffect(() => {
    if (Object.keys(make.errors).length > 0) setStage(1);
  }, [make.errors]);

  const asked = path?.makes === "change" ? change : { goldenPath: pathName, ...input };
  const guard = useGuardrails(path && stage > 0 ? asked : null, (question) => ("name" in question ? checkRunGoldenPath(question) : checkCreateService(question)));

  if (!path) return null;
  const found = Object.keys(make.errors).length > 0 ? make.errors : look.errors;
  const isSame = (problem: string) => [problem.split(".")[1] ?? ""].every((name) => JSON.stringify(answers[name]) === JSON.stringify(judged[name]));
  const problems = Object.fromEntries(Object.entries(found).filter(([problem]) => isSame(problem)));
  return (
    <div className="stack-8">
      <Stepper stage={stage} onGo={go} />
      <div className="with-rail">
        {stage === 0 ? <PathPicker paths={paths} chosen={pathName} onChoose={setPathName} onNext={choose} /> : null}
        {stage === 1 ? (
          <Questions
            path={path}
            answers={answers}
            onAnswer={setAnswers}
            errors={guard.together({ errors: problems, guarded: [...look.guarded, ...make.guarded] })}
            message={look.message}
            pending={look.pending}
            pickers={{ owners, ...pickers }}
            hosts={hosts}
            provider={place}
            onProvider={setProvider}
            onBack={() => go(0)}
            onNext={review}
            onFocusCapture={count.onFocusCapture}
          />
        ) : null}
        {stage === 2 && dryRun ? <Review dryRun={dryRun} guard={guard} message={make.message} pending={make.pending} onBack={() => go(1)} onCreate={create} /> : null}
        <Rail
          path={path}
          guard={stage === 1 ? guard : null}
          command={["waymark new", path.name, ...setArguments(values, path.secretQuestions), ...(place !== "waymark" ? [`--provider ${place}`] : [])].join(" ")}
        />
      </div>
    </div>
  );
}

/** Where the golden path publishes to, if that is another host than GitHub and connected; else the own git server. */
function usualPlace(path: GoldenPath | undefined, hosts: RepositoryHost[]): RepositoryProviderName {
  const meant = path?.publishesTo.find((one) => hosts.some(({ provider }) => provider === one));
  return meant && meant !== "github" ? meant : "waymark";
}

function Stepper({ stage, onGo }: { stage: Stage; onGo: (stage: Stage) => void }) {
  return (
    <ol className="stepper" aria-label="Steps">
      {STAGES.map((label, index) => (
        <li key={label} aria-current={index === stage ? "step" : undefined}>
          {index < stage ? (
            <button type="button" className="line link-quiet" onClick={() => onGo(index as Stage)}>
              <Check className="i i-sm" aria-hidden />
              {label}
            </button>
          ) : (
            label
          )}
        </li>
      ))}
    </ol>
  );
}

function Rail({ path, guard, command }: { path: GoldenPath; guard: Guard | null; command: string }) {
  return (
    <aside className="stack-8">
      {guard ? <GuardrailsPart report={guard.report} problem={guard.problem} isStale={guard.isStale} /> : null}
      <section hidden={path.makes === "change"}>
        <SectionHead title="Usual time" />
        {path.usualService ? (
          <p>
            <span className="strong">{duration(path.usualService.medianMs)}</span>{" "}
            <span className="muted">{path.usualService.n === 1 ? "the only service so far" : `median of the last ${path.usualService.n} services`}</span>
          </p>
        ) : (
          <p className="muted">Nobody has made a service from this path yet.</p>
        )}
      </section>
      <section>
        <SectionHead
          title="Concepts to know"
          aside={
            <span className="line">
              <Blazes on={path.concepts.length} label={`${path.concepts.length} of ${MAX_CONCEPTS} concepts`} />
              {path.concepts.length} of {MAX_CONCEPTS}
            </span>
          }
        />
        <ol className="list bare">
          {path.concepts.map((concept) => (
            <li key={concept}>{concept}</li>
          ))}
        </ol>
      </section>
      <section>
        <SectionHead title="The same on the command line" />
        <CodeBlock code={command} />
      </section>
    </aside>
  );
}
