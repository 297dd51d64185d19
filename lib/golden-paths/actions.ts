"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";
import * as queries from "./queries";

export const startDraft = action(mutations.startDraft, { revalidate: ["/admin/golden-paths"] });
export const saveDraft = action(mutations.saveDraft);
export const discardDraft = action(mutations.discardDraft, { revalidate: ["/admin/golden-paths"] });
export const publishDraft = action(mutations.publishDraft, { revalidate: ["/"] });
export const makeVersionCurrent = action(mutations.makeVersionCurrent, { revalidate: ["/"] });
export const createService = action(mutations.createService, { revalidate: ["/repositories", "/catalog"] });
export const runGoldenPath = action(mutations.runGoldenPath);
export const dryRunService = action(queries.dryRunService);
export const upgradeService = action(mutations.upgradeService, { revalidate: ["/catalog"] });
export const upgradeServices = action(mutations.upgradeServices, { revalidate: ["/admin/golden-paths"] });
export const ejectConcern = action(mutations.ejectConcern, { revalidate: ["/catalog"] });
export const rejoinConcern = action(mutations.rejoinConcern, { revalidate: ["/catalog"] });
