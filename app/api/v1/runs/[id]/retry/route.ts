import { route } from "@/lib/core/http/route";
import { retryRun } from "@/lib/runs/mutations";

export const POST = route(retryRun, { status: 202 });
