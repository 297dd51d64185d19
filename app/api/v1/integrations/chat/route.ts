import { route } from "@/lib/core/http/route";
import { connectChat } from "@/lib/notifications/mutations";

export const PUT = route(connectChat);
