import { StepFailure } from "@/lib/runs/engine/types";
import type { Repository } from "./contract";

/** Somebody else changed the branch or the document while an edit was under way. */
export function branchMoved({ owner, name, defaultBranch }: Pick<Repository, "owner" | "name" | "defaultBranch">): StepFailure {
  return new StepFailure({
    causeCode: "branch-moved",
    cause: `${defaultBranch} of ${owner}/${name} was changed by somebody else meanwhile. Nothing was written over it.`,
    whoCanFix: "you",
    nextAction: "Open the editor again: it shows the document as it is now.",
  });
}
