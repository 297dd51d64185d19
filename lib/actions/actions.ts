"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";
import * as queries from "./queries";

export const checkRunAction = action(queries.checkRunAction);
export const runAction = action(mutations.runAction, { revalidate: ["/"] });
export const createAction = action(mutations.createAction, { revalidate: ["/"] });
export const editAction = action(mutations.editAction, { revalidate: ["/"] });
export const publishAction = action(mutations.publishAction, { revalidate: ["/"] });
export const restoreAction = action(mutations.restoreAction, { revalidate: ["/admin"] });
export const replaceActionSecret = action(mutations.replaceActionSecret, { revalidate: ["/admin"] });
export const testAction = action(mutations.testAction, { revalidate: ["/"] });
