"use client";

import { CircleAlert } from "lucide-react";
import { Blazes } from "@/components/ui/blazes";
import { Button } from "@/components/ui/button";
import { duration } from "@/lib/core/format";
import { type GoldenPath, MAX_CONCEPTS } from "@/lib/golden-paths/contract";

interface Props {
  paths: GoldenPath[];
  chosen: string;
  onChoose: (name: string) => void;
  onNext: () => void;
}

/** First step: which golden path, with what it gives and what it asks one to know. */
export function PathPicker({ paths, chosen, onChoose, onNext }: Props) {
  return (
    <form
      className="stack-6 form"
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <fieldset className="stack border-0 p-0">
        <legend className="sr">Golden path</legend>
        {paths.map((path) => (
          <label key={path.name} className="path-choice">
            <input type="radio" name="goldenPath" value={path.name} checked={path.name === chosen} disabled={path.missingActions.length > 0} onChange={() => onChoose(path.name)} />
            <span className="line spread">
              <span className="strong">{path.title}</span>
              <span className="muted">
                {path.makes === "change" ? "changes what is there" : path.usualService ? `usually ${duration(path.usualService.medianMs)}` : "no services yet"}
              </span>
            </span>
            <span className="muted">{path.description}</span>
            {path.missingActions.length > 0 ? (
              <span className="error">
                <CircleAlert className="i" aria-hidden />
                <span>
                  Cannot be used here: it needs {path.missingActions.length === 1 ? "an action" : "actions"} that this Waymark does not have (
                  <span className="mono">{path.missingActions.join(", ")}</span>). The platform team can replace them.
                </span>
              </span>
            ) : null}
            {path.inputRemarks.length > 0 ? (
              <span className="muted">
                Has no effect here: <span className="mono">{path.inputRemarks.map(({ action, input }) => `${input} of ${action}`).join(", ")}</span>.
              </span>
            ) : null}
            <span className="line spread">
              <span className="muted">
                <span className="mono">{path.name}</span> {path.version}, from {path.owner.split("/").at(-1)}
              </span>
              <span className="line muted">
                <Blazes on={path.concepts.length} label={`${path.concepts.length} of ${MAX_CONCEPTS} concepts to know`} />
                {path.concepts.length} of {MAX_CONCEPTS}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <div>
        <Button type="submit" variant="primary">
          Answer its questions
        </Button>
      </div>
    </form>
  );
}
