import { route } from "@/lib/core/http/route";
import { linkIncident } from "@/lib/metrics/mutations";
import { getIncident } from "@/lib/metrics/queries";

export const GET = route(getIncident);
export const PATCH = route(linkIncident);
