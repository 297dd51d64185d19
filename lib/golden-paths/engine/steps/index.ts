import type { StepRegistry } from "../step-action";
import { argocdCreateResources } from "./argocd";
import { catalogFetch } from "./catalog-fetch";
import { catalogRegister } from "./catalog-register";
import { catalogWrite } from "./catalog-write";
import { debugLog } from "./debug-log";
import { debugWait } from "./debug-wait";
import { fetchPlainFile, fetchTemplateFile } from "./fetch-file";
import { fetchPlain } from "./fetch-plain";
import { fetchCookiecutter, fetchTemplate, workspaceTemplate } from "./fetch-template";
import { fsDelete } from "./fs-delete";
import { fsReaddir } from "./fs-readdir";
import { fsRename } from "./fs-rename";
import { githubDispatch } from "./github-dispatch";
import { githubIssue, githubLabels } from "./github-issues";
import { githubRepoCreate, githubRepoPush } from "./github-repository";
import { githubAutolink, githubDeployKey, githubEnvironment, githubPages, githubProtection, githubWebhook } from "./github-settings";
import { httpBackstageRequest } from "./http-backstage";
import { PUBLISHERS } from "./publish";
import { publishPullRequest } from "./publish-pull-request";
import { publishZip } from "./publish-zip";
import { utilsJsonata, utilsJsonataJson, utilsJsonataYaml } from "./roadiehq-jsonata";
import { utilsAppend, utilsMerge, utilsSerializeJson, utilsSerializeYaml, utilsWrite } from "./roadiehq-utils";

const ACTIONS = [
  argocdCreateResources,
  catalogFetch,
  catalogRegister,
  catalogWrite,
  debugLog,
  debugWait,
  fetchCookiecutter,
  fetchPlain,
  fetchPlainFile,
  fetchTemplate,
  fetchTemplateFile,
  fsDelete,
  fsReaddir,
  fsRename,
  githubAutolink,
  githubDeployKey,
  githubDispatch,
  githubEnvironment,
  githubIssue,
  githubLabels,
  githubPages,
  githubProtection,
  githubRepoCreate,
  githubRepoPush,
  githubWebhook,
  httpBackstageRequest,
  ...PUBLISHERS,
  publishPullRequest,
  publishZip,
  utilsAppend,
  utilsJsonata,
  utilsJsonataJson,
  utilsJsonataYaml,
  utilsMerge,
  utilsSerializeJson,
  utilsSerializeYaml,
  utilsWrite,
  workspaceTemplate,
];

/** Every action that this Waymark can run, by id. */
export const stepRegistry: StepRegistry = new Map(ACTIONS.map((action) => [action.id, action]));
