import { readJson } from "@/lib/core/http/body";
import { httpHandler, route } from "@/lib/core/http/route";
import { parseInput, requirePerson } from "@/lib/core/operation";
import { ChangePersonInput } from "@/lib/identity/contract";
import { disablePerson, setRole } from "@/lib/identity/mutations";
import { getPerson } from "@/lib/identity/queries";

export const GET = route(getPerson);

export const PATCH = httpHandler(async (request, ctx, params) => {
  requirePerson(ctx);
  const { role, disabled } = parseInput(ChangePersonInput, await readJson(request));
  const id = params.id ?? "";
  return Response.json(role === undefined ? await disablePerson(ctx, { id, disabled: disabled === true }) : await setRole(ctx, { id, role }));
});
