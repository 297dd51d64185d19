import "server-only";

export { createService } from "./create-service";
export { discardDraft, importDraft, saveDraft, startDraft } from "./drafts";
export { publishFiles } from "./publish";
export { startTask } from "./scaffolder/tasks";
export { runGoldenPath } from "./start-path";
export { createStepAction, editStepAction, replaceStepActionSecret } from "./step-actions/mutations";
export { ejectConcern, rejoinConcern, upgradeService, upgradeServices } from "./upgrade/mutations";
export { makeVersionCurrent, publishDraft, publishFolder } from "./versions";
