import { route } from "@/lib/core/http/route";
import { connectMail } from "@/lib/notifications/mutations";

export const PUT = route(connectMail);
