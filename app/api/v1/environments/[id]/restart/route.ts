import { route } from "@/lib/core/http/route";
import { restartEnvironment } from "@/lib/environments/mutations";

export const POST = route(restartEnvironment, { status: 202 });
