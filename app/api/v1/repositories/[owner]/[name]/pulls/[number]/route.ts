import { route } from "@/lib/core/http/route";
import { editPullRequest } from "@/lib/repositories/mutations";
import { readPullRequest } from "@/lib/repositories/queries";

export const GET = route(readPullRequest);
export const PATCH = route(editPullRequest);
