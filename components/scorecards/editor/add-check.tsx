import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { STARTER_CHECKS } from "@/lib/scorecards/contract";
import { type CheckDraft, type Draft, newKey } from "./draft";

/** A check of one's own, or one whose facts are there in every installation. */
export function AddCheck({ draft, onAdd }: { draft: Draft; onAdd: (check: CheckDraft) => void }) {
  const level = draft.levels[0]?.name ?? "";
  const left = STARTER_CHECKS.filter(({ id }) => !draft.checks.some((check) => check.id === id));
  const blank = () => onAdd({ key: newKey(draft.checks, "new-check"), isNew: true, id: "", title: "", level, condition: "", why: "", fix: "", effort: "medium" });
  return (
    <div className="stack">
      <div>
        <Button onClick={blank}>
          <Plus className="i" aria-hidden />
          Add check
        </Button>
      </div>
      {left.length ? (
        <div className="line wrap">
          <span className="muted">Checks whose facts are already there:</span>
          {left.map((starter) => (
            <Button key={starter.id} size="sm" onClick={() => onAdd({ ...starter, key: newKey(draft.checks, starter.id), level })}>
              {starter.title}
            </Button>
          ))}
        </div>
      ) : null}
    </div>
  );
}
