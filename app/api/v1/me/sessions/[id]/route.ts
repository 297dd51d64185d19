import { route } from "@/lib/core/http/route";
import { endOwnSession } from "@/lib/identity/mutations";

export const DELETE = route(endOwnSession);
