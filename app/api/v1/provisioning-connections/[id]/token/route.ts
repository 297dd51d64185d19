import { route } from "@/lib/core/http/route";
import { revokeConnectionTokens, rotateConnectionToken } from "@/lib/identity/mutations";

export const POST = route(rotateConnectionToken);
export const DELETE = route(revokeConnectionTokens);
