import { route } from "@/lib/core/http/route";
import { getRepository } from "@/lib/repositories/queries";

export const GET = route(getRepository);
