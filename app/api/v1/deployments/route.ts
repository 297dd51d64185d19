import { route } from "@/lib/core/http/route";
import { ingestDeployments, knownShapes } from "@/lib/metrics/mutations";
import { listDeployments } from "@/lib/metrics/queries";

export const GET = route(listDeployments);
export const POST = route(ingestDeployments, { rows: knownShapes, status: 202 });
