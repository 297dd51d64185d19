import { route } from "@/lib/core/http/route";
import { listHosts } from "@/lib/platform/queries";

export const GET = route(listHosts);
