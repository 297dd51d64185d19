import { route } from "@/lib/core/http/route";
import { deleteWebhookSource, setWebhookSource } from "@/lib/metrics/mutations";

export const PATCH = route(setWebhookSource);
export const DELETE = route(deleteWebhookSource);
