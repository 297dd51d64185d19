import { route } from "@/lib/core/http/route";
import { ingestPullRequests } from "@/lib/metrics/mutations";
import { listPullRequests } from "@/lib/metrics/queries";

export const GET = route(listPullRequests);
export const POST = route(ingestPullRequests, { rows: true, status: 202 });
