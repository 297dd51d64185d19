export { telemetryFacts } from "./scorecard-facts";
export { forgetTelemetry, trimTelemetry } from "./tend";
