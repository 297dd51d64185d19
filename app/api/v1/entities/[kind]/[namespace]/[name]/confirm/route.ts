import { confirmEntity } from "@/lib/catalog/mutations";
import { route } from "@/lib/core/http/route";

export const POST = route(confirmEntity);
