import { readLocationAgain } from "@/lib/catalog/mutations";
import { route } from "@/lib/core/http/route";

export const POST = route(readLocationAgain, { status: 202 });
