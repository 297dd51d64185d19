export { receiveCallback } from "./callback";
export { actionRun } from "./run-action";
export { seedActions } from "./shipped";
