import { route } from "@/lib/core/http/route";
import { listSessions } from "@/lib/identity/queries";

export const GET = route(listSessions);
