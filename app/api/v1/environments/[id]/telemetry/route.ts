import { route } from "@/lib/core/http/route";
import { checkTelemetry } from "@/lib/environments/queries";

export const GET = route(checkTelemetry);
