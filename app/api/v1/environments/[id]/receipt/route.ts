import { route } from "@/lib/core/http/route";
import { getReceipt } from "@/lib/environments/queries";

export const GET = route(getReceipt);
