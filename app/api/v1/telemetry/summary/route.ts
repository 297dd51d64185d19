import { route } from "@/lib/core/http/route";
import { getTelemetrySummary } from "@/lib/telemetry/queries";

export const GET = route(getTelemetrySummary);
