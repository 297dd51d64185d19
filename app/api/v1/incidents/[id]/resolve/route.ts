import { route } from "@/lib/core/http/route";
import { resolveIncident } from "@/lib/metrics/mutations";

export const POST = route(resolveIncident);
