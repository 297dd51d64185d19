export { decommissionRun } from "./decommission";
export { readPathFolder } from "./engine/template-folder";
export { goldenPathRun } from "./run-path";
export { serviceCreateRun } from "./run-service-create";
export { followProvenance } from "./upgrade/follow-push";
export { upgradeRun } from "./upgrade/run-upgrade";
