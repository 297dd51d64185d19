import { openHandler } from "@/lib/core/http/route";
import { serveSignOut } from "@/lib/identity/mutations";

export const POST = openHandler((request) => serveSignOut(request));
