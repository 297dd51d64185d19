export { forgetOldDecisions } from "./decisions";
