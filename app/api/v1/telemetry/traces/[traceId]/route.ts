import { route } from "@/lib/core/http/route";
import { getTrace } from "@/lib/telemetry/queries";

export const GET = route(getTrace);
