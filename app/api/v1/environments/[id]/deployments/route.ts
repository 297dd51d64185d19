import { route } from "@/lib/core/http/route";
import { deployToEnvironment } from "@/lib/environments/mutations";
import { listDeployments } from "@/lib/environments/queries";

export const GET = route(listDeployments);
export const POST = route(deployToEnvironment, { status: 202 });
