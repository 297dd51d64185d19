import { Status } from "@/components/ui/status";
import { duration } from "@/lib/core/format";
import type { Run } from "@/lib/runs/contract";
import { stepMs } from "./run-words";

/** The steps with what each took against the usual; choosing one filters the log. */
export function StepList({ run, now, selected, onSelect }: { run: Run; now: number; selected: string | null; onSelect: (step: string | null) => void }) {
  return (
    <section className="panel" aria-label="Steps">
      <div className="panel-head">
        <h2>Steps</h2>
        <span className="caption line gap-3">
          <span className="min-w-12 text-right">Took</span>
          <span className="min-w-14 text-right">Usual</span>
        </span>
      </div>
      <ol className="steps">
        {run.steps.map((step) => (
          <li key={step.name} className={selected === step.name ? "is-on" : undefined}>
            <Status value={step.status} glyphOnly />
            <button
              type="button"
              className={`truncate border-0 bg-transparent p-0 text-left ${step.status === "running" || step.status === "failed" ? "strong" : ""}`}
              aria-pressed={selected === step.name}
              onClick={() => onSelect(selected === step.name ? null : step.name)}
            >
              {step.title}
            </button>
            <span className="took">{duration(stepMs(step, now))}</span>
            <span className="usual">{duration(step.usualMs)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
