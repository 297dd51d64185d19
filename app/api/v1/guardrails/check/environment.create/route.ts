import { route } from "@/lib/core/http/route";
import { checkCreateEnvironment } from "@/lib/environments/queries";

export const POST = route(checkCreateEnvironment, { isRepeatable: true });
