import { route } from "@/lib/core/http/route";
import { countForm } from "@/lib/golden-paths/mutations";

export const POST = route(countForm, { status: 202 });
