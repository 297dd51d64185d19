import { route } from "@/lib/core/http/route";
import { getDraftFile } from "@/lib/golden-paths/queries";

export const GET = route(getDraftFile);
