import { route } from "@/lib/core/http/route";
import { listPeople } from "@/lib/identity/queries";

export const GET = route(listPeople);
