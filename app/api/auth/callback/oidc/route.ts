import { openHandler } from "@/lib/core/http/route";
import { endSignIn } from "@/lib/identity/mutations";

export const GET = openHandler((request) => endSignIn(request));
