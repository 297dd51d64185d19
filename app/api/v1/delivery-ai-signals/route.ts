import { route } from "@/lib/core/http/route";
import { getAiSignals } from "@/lib/metrics/queries";

export const GET = route(getAiSignals);
