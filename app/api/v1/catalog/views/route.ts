import { saveView } from "@/lib/catalog/mutations";
import { listViews } from "@/lib/catalog/queries";
import { route } from "@/lib/core/http/route";

export const GET = route(listViews);
export const POST = route(saveView);
