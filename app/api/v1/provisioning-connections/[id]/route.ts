import { route } from "@/lib/core/http/route";
import { removeConnection } from "@/lib/identity/mutations";
import { getConnection } from "@/lib/identity/queries";

export const GET = route(getConnection);
export const DELETE = route(removeConnection);
