"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";
import * as queries from "./queries";

export const createEnvironment = action(mutations.createEnvironment, { revalidate: ["/"] });
export const checkCreateEnvironment = action(queries.checkCreateEnvironment);
export const checkDeployToEnvironment = action(queries.checkDeployToEnvironment);
export const checkExtendEnvironment = action(queries.checkExtendEnvironment);
export const deployToEnvironment = action(mutations.deployToEnvironment, { revalidate: ["/"] });
export const readDeployChoices = action(queries.listDeployChoices);
export const readCommitChoice = action(queries.readCommitChoice);
export const extendEnvironment = action(mutations.extendEnvironment, { revalidate: ["/"] });
export const deleteEnvironment = action(mutations.deleteEnvironment, { revalidate: ["/"] });
export const restartEnvironment = action(mutations.restartEnvironment, { revalidate: ["/"] });
export const editVariables = action(mutations.editVariables, { revalidate: ["/environments"] });
export const removeDemoData = action(mutations.removeDemoData, { revalidate: ["/"] });
export const revealCredentials = action(mutations.revealCredentials);
export const testProposal = action(mutations.testProposal, { revalidate: ["/environments"] });
