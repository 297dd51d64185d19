export { readPathFolder } from "./engine/template-folder";
export { goldenPathRun } from "./run-path";
export { serviceCreateRun } from "./run-service-create";
export { forgetTestedFiles } from "./test-runs/store";
export { receiveStepReport } from "./step-actions/receive";
export { followProvenance } from "./upgrade/follow-push";
export { upgradeRun } from "./upgrade/run-upgrade";
