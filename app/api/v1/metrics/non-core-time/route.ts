import { route } from "@/lib/core/http/route";
import { npsMetric } from "@/lib/surveys/queries";

export const GET = route(npsMetric, { fixed: { metric: "non-core-time" } });
