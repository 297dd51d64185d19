import { route } from "@/lib/core/http/route";
import { getDeliveryReport } from "@/lib/metrics/queries";

export const GET = route(getDeliveryReport);
