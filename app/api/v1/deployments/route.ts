import { route } from "@/lib/core/http/route";
import { fromKnownShapes, ingestDeployments } from "@/lib/metrics/mutations";
import { listDeployments } from "@/lib/metrics/queries";

export const GET = route(listDeployments);
export const POST = route(ingestDeployments, { rows: fromKnownShapes, status: 202 });
