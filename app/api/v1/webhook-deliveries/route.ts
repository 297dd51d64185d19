import { route } from "@/lib/core/http/route";
import { listWebhookDeliveries } from "@/lib/metrics/queries";

export const GET = route(listWebhookDeliveries);
