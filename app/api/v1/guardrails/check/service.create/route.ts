import { route } from "@/lib/core/http/route";
import { checkCreateService } from "@/lib/golden-paths/queries";

export const POST = route(checkCreateService, { isRepeatable: true });
