export { diagnose, type TelemetryFacts } from "./diagnose";
export { environmentToken } from "./environment-token";
export { getTelemetrySummary, readArrival } from "./summary";
export { getTrace, listTraces } from "./traces";
