import { route } from "@/lib/core/http/route";
import { checkExtendEnvironment } from "@/lib/environments/queries";

export const POST = route(checkExtendEnvironment, { isRepeatable: true });
