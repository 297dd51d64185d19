import { readCloudEvents } from "@/lib/core/http/cloud-events";
import { route } from "@/lib/core/http/route";
import { inEnvelope, ingestEvents } from "@/lib/metrics/mutations";

export const POST = route(ingestEvents, { read: async (request) => ({ items: (await readCloudEvents(request)).map(inEnvelope) }), status: 202 });
