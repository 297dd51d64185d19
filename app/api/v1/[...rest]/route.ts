import { HttpError } from "@/lib/core/http/problem";
import { openHandler } from "@/lib/core/http/route";

/** Whatever else is asked of the API gets the API's own answer, not a page. */
const nothing = openHandler(async (request) => {
  throw new HttpError(404, "not_found", `There is no ${new URL(request.url).pathname} in this API. /api/v1/openapi.json lists what there is.`);
});

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
