import { route } from "@/lib/core/http/route";
import { setDeliveryRules } from "@/lib/metrics/mutations";
import { getDeliveryRules } from "@/lib/metrics/queries";

export const GET = route(getDeliveryRules);
export const PUT = route(setDeliveryRules);
