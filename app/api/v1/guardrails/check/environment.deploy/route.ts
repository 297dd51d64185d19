import { route } from "@/lib/core/http/route";
import { checkDeployToEnvironment } from "@/lib/environments/queries";

export const POST = route(checkDeployToEnvironment, { isRepeatable: true });
