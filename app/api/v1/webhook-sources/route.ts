import { route } from "@/lib/core/http/route";
import { createWebhookSource } from "@/lib/metrics/mutations";
import { listWebhookSources } from "@/lib/metrics/queries";

export const GET = route(listWebhookSources);
export const POST = route(createWebhookSource, { status: 201 });
