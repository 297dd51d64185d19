export { decommissionRun } from "./run-decommission";
