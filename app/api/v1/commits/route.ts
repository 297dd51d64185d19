import { route } from "@/lib/core/http/route";
import { ingestCommits } from "@/lib/metrics/mutations";
import { listCommits } from "@/lib/metrics/queries";

export const GET = route(listCommits);
export const POST = route(ingestCommits, { rows: true, status: 202 });
