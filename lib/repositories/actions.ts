"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";

export const editInRepository = action(mutations.editInRepository);
export const openPullRequest = action(mutations.openPullRequest, { revalidate: ["/repositories"] });
export const editPullRequest = action(mutations.editPullRequest, { revalidate: ["/repositories"] });
export const mergePullRequest = action(mutations.mergePullRequest, { revalidate: ["/repositories"] });
