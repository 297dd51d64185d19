import { route } from "@/lib/core/http/route";
import { listMetricRows } from "@/lib/metrics/queries";

export const GET = route(listMetricRows);
