import { route } from "@/lib/core/http/route";
import { replayWebhookDelivery } from "@/lib/metrics/mutations";

export const POST = route(replayWebhookDelivery, { status: 202 });
