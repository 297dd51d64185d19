import { httpHandler } from "@/lib/core/http/route";
import { requirePerson } from "@/lib/core/operation";

const FILTERS = {
  parseRepoUrl: "Reads host?owner=…&repo=… into its parts.",
  parseEntityRef: "Reads an entity reference into kind, namespace and name.",
  pick: "Takes a member of a value by its path.",
  projectSlug: "Gives owner/repo of a repository.",
};

export const GET = httpHandler(async (_request, ctx) => {
  requirePerson(ctx);
  return Response.json({ filters: Object.fromEntries(Object.entries(FILTERS).map(([name, description]) => [name, { description }])), globals: { functions: {}, values: {} } });
});
