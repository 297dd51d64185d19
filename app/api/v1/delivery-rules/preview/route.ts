import { route } from "@/lib/core/http/route";
import { previewDeliveryRules } from "@/lib/metrics/queries";

export const POST = route(previewDeliveryRules);
