import { z } from "zod";
import { db } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import { argocdClient, ensureArgocdResources } from "@/lib/hosts/argocd";
import { HostFailure } from "@/lib/hosts/failure";
import { hostConnection } from "@/lib/platform/queries";
import { StepFailure } from "@/lib/runs/engine/types";
import { stepAction } from "../step-action";

const text = z.string("expected text").min(1, "expected text");
const name = text.regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "expected lower-case letters, digits, hyphens and dots");

/** A project and an application at the connected Argo CD, as Roadie's action of this name makes them. */
export const argocdCreateResources = stepAction({
  id: "argocd:create-resources",
  effect: "outside",
  input: z.looseObject({ appName: name, argoInstance: text, namespace: name, repoUrl: text, path: text, labelValue: text.optional(), projectName: name.optional() }),
  foresee: ({ appName, projectName = appName, namespace, repoUrl }) => ({
    calls: [
      { call: "POST /api/v1/projects", detail: `Project ${projectName} of Argo CD for ${repoUrl} in ${namespace}.` },
      { call: "POST /api/v1/applications", detail: `Application ${appName}, kept in step with the repository.` },
    ],
    output: {},
  }),
  run: async ({ input, attempt, context, log }) => {
    const connection = await hostConnection(db(), "argocd");
    const nextAction = "Connect Argo CD on Integrations, then retry; what was done already is kept.";
    if (!connection) throw new StepFailure({ causeCode: "argocd-not-connected", cause: "Argo CD is not connected.", whoCanFix: "platform-team", nextAction });
    const { appName, argoInstance, namespace, repoUrl, path, labelValue = appName, projectName = appName } = input;
    if (argoInstance !== connection.owner) throw new DomainError("invalid", `The step names the Argo CD ${argoInstance}; the connected one is called ${connection.owner}.`);
    try {
      await ensureArgocdResources(argocdClient(connection), { appName, projectName, namespace, repoUrl, path, labelValue, mark: attempt?.mark ?? context.runId });
    } catch (error) {
      if (error instanceof HostFailure) throw new StepFailure(error.outcome, { cause: error });
      throw error;
    }
    log(`Application ${appName} at ${connection.url}/applications/${appName}`);
    return undefined;
  },
});
