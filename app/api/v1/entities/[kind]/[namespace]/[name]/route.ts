import { deleteEntity, saveEntity } from "@/lib/catalog/mutations";
import { getEntity } from "@/lib/catalog/queries";
import { route } from "@/lib/core/http/route";

export const GET = route(getEntity);
export const PUT = route(saveEntity);
export const DELETE = route(deleteEntity);
