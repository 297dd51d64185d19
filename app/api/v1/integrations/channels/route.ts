import { route } from "@/lib/core/http/route";
import { listChannels } from "@/lib/notifications/queries";

export const GET = route(listChannels);
