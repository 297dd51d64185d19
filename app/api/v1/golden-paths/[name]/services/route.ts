import { route } from "@/lib/core/http/route";
import { upgradeServices } from "@/lib/golden-paths/mutations";
import { listPathServices } from "@/lib/golden-paths/queries";

export const GET = route(listPathServices);
export const POST = route(upgradeServices, { status: 202 });
