export { noteRepositoryFiles } from "./facts/repository";
export { tendScorecards } from "./tend";
