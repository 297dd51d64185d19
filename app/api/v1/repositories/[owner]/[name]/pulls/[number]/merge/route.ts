import { route } from "@/lib/core/http/route";
import { mergePullRequest } from "@/lib/repositories/mutations";

export const POST = route(mergePullRequest, { status: 202 });
