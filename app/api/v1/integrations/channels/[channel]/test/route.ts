import { route } from "@/lib/core/http/route";
import { testChannel } from "@/lib/notifications/mutations";

export const POST = route(testChannel, { status: 202 });
