import "server-only";

export { createService } from "./create-service";
export { discardDraft, importDraft, saveDraft, startDraft } from "./drafts";
export { countForm } from "./forms/count-form";
export { commentProposal, describeProposal, reopenProposal, saveProposal, startProposal, submitProposal, updateProposal, withdrawProposal } from "./proposals/mutations";
export { reviewProposal } from "./proposals/review";
export { publishFiles } from "./publish";
export { startTask } from "./scaffolder/tasks";
export { runGoldenPath } from "./start-path";
export { createStepAction, editStepAction, replaceStepActionSecret } from "./step-actions/mutations";
export { insertTestRun, recordTestResult } from "./test-runs/store";
export { ejectConcern, rejoinConcern, upgradeService, upgradeServices } from "./upgrade/mutations";
export { makeVersionCurrent, publishDraft, publishFolder } from "./versions";
