export { readPathFolder } from "./engine/template-folder";
export { goldenPathRun } from "./run-path";
export { serviceCreateRun } from "./run-service-create";
export { receiveStepReport } from "./step-actions/receive";
export { followMergedPull } from "./upgrade/follow-merge";
export { followProvenance } from "./upgrade/follow-push";
export { upgradeRun } from "./upgrade/run-upgrade";
