import { route } from "@/lib/core/http/route";
import { getMetric } from "@/lib/metrics/queries";

export const GET = route(getMetric);
