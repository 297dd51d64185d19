import { route } from "@/lib/core/http/route";
import { revokeToken } from "@/lib/identity/mutations";

export const DELETE = route(revokeToken);
