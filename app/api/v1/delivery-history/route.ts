import { route } from "@/lib/core/http/route";
import { loadHistory } from "@/lib/metrics/mutations";

export const POST = route(loadHistory, { status: 202 });
