import { route } from "@/lib/core/http/route";
import { openPullRequest } from "@/lib/repositories/mutations";
import { listPullRequests } from "@/lib/repositories/queries";

export const GET = route(listPullRequests);
export const POST = route(openPullRequest, { status: 201 });
