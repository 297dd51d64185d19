import { route } from "@/lib/core/http/route";
import { getDeliveryHealth } from "@/lib/metrics/queries";

export const GET = route(getDeliveryHealth);
