import { openHandler } from "@/lib/core/http/route";
import { beginSignIn } from "@/lib/identity/mutations";

export const POST = openHandler((request) => beginSignIn(request));
