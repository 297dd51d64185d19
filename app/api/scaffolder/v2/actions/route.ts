import { route } from "@/lib/core/http/route";
import { listStepActions } from "@/lib/golden-paths/queries";

export const GET = route(listStepActions);
