import { route } from "@/lib/core/http/route";
import { endAllSessions } from "@/lib/identity/mutations";

export const DELETE = route(endAllSessions);
