"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";
import * as queries from "./queries";

export const createGuardrail = action(mutations.createGuardrail, { revalidate: ["/"] });
export const editGuardrail = action(mutations.editGuardrail, { revalidate: ["/"] });
export const deleteGuardrail = action(mutations.deleteGuardrail, { revalidate: ["/"] });
export const grantException = action(mutations.grantException, { revalidate: ["/"] });
export const endException = action(mutations.endException, { revalidate: ["/"] });
export const previewGuardrail = action(queries.previewGuardrail);
export const connectOpa = action(mutations.connectOpa, { revalidate: ["/admin/integrations"] });
export const disconnectOpa = action(mutations.disconnectOpa, { revalidate: ["/admin/integrations"] });
export const testOpa = action(queries.testOpa);
