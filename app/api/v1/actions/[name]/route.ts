import { editAction } from "@/lib/actions/mutations";
import { getActionForm } from "@/lib/actions/queries";
import { route } from "@/lib/core/http/route";

export const GET = route(getActionForm);
export const PUT = route(editAction);
