import { route } from "@/lib/core/http/route";
import { ingestIncidents } from "@/lib/metrics/mutations";
import { listIncidents } from "@/lib/metrics/queries";

export const GET = route(listIncidents);
export const POST = route(ingestIncidents, { rows: true, status: 202 });
