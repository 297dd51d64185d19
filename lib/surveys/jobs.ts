export { openNow as openSurveyNow } from "./open";
export { publishResults } from "./publish";
export { tendSurveys } from "./tend";
export { readAudience } from "./tree";
