import { route } from "@/lib/core/http/route";
import { listRepositories } from "@/lib/repositories/queries";

export const GET = route(listRepositories);
