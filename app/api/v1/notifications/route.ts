import { route } from "@/lib/core/http/route";
import { listNotifications } from "@/lib/notifications/queries";

export const GET = route(listNotifications);
