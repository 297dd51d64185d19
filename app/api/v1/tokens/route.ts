import { route } from "@/lib/core/http/route";
import { createToken } from "@/lib/identity/mutations";
import { listTokens } from "@/lib/identity/queries";

export const GET = route(listTokens);
export const POST = route(createToken, { status: 201 });
