import { route } from "@/lib/core/http/route";
import { cancelRun } from "@/lib/runs/mutations";

export const POST = route(cancelRun, { status: 202 });
