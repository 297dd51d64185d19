export { readPathFolder } from "./engine/template-folder";
export { foldForms } from "./forms/days";
export { goldenPathRun } from "./run-path";
export { serviceCreateRun } from "./run-service-create";
export { receiveStepReport } from "./step-actions/receive";
export { forgetTestedFiles } from "./test-runs/store";
export { followProvenance } from "./upgrade/follow-push";
export { upgradeRun } from "./upgrade/run-upgrade";
