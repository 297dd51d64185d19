import { route } from "@/lib/core/http/route";
import { disconnectChannel } from "@/lib/notifications/mutations";

export const DELETE = route(disconnectChannel);
