import { route } from "@/lib/core/http/route";
import { rotateWebhookSecret } from "@/lib/metrics/mutations";

export const POST = route(rotateWebhookSecret);
