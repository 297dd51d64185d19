import { route } from "@/lib/core/http/route";
import { compareGithubNow } from "@/lib/metrics/mutations";
import { getGithubComparison } from "@/lib/metrics/queries";

export const GET = route(getGithubComparison);
export const POST = route(compareGithubNow, { status: 202 });
