import { route } from "@/lib/core/http/route";
import { getWebhookDelivery } from "@/lib/metrics/queries";

export const GET = route(getWebhookDelivery);
