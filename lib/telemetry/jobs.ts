export { forgetTelemetry, trimTelemetry } from "./tend";
