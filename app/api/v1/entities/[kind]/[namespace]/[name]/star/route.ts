import { starEntity } from "@/lib/catalog/mutations";
import { route } from "@/lib/core/http/route";

export const PUT = route(starEntity);
export const DELETE = route(starEntity, { fixed: { starred: false } });
