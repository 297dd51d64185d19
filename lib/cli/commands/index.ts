import type { Command } from "../command";
import { actionList } from "./action-list";
import { actionRun } from "./action-run";
import { adminGrant } from "./admin-grant";
import { catalogGet } from "./catalog-get";
import { catalogCheck, catalogImport } from "./catalog-import";
import { deliveryBackfill } from "./delivery-backfill";
import { doctor } from "./doctor";
import { envCreate } from "./env-create";
import { envDelete } from "./env-delete";
import { envDeploy } from "./env-deploy";
import { envExtend } from "./env-extend";
import { envList } from "./env-list";
import { envLogs } from "./env-logs";
import { envRestart } from "./env-restart";
import { envShow } from "./env-show";
import { envTelemetry } from "./env-telemetry";
import { guardrailCheck } from "./guardrail-check";
import { guardrailList } from "./guardrail-list";
import { login } from "./login";
import { logout } from "./logout";
import { newService } from "./new";
import { pathLint } from "./path-lint";
import { pathList } from "./path-list";
import { pathProposals } from "./path-proposals";
import { pathPublish } from "./path-publish";
import { pathTest } from "./path-test";
import { pathUpgrade } from "./path-upgrade";
import { pullList } from "./pull-list";
import { pullMerge } from "./pull-merge";
import { pullShow } from "./pull-show";
import { runCancel } from "./run-cancel";
import { runLogs } from "./run-logs";
import { runRetry } from "./run-retry";
import { runShow } from "./run-show";
import { scorecardCheck } from "./scorecard-check";
import { scorecardList } from "./scorecard-list";
import { scorecardShow } from "./scorecard-show";
import { serviceDecommission } from "./service-decommission";
import { tokenCreate } from "./token-create";

/** Every command of `waymark`, in the order of the help. */
export const COMMANDS: Command[] = [
  login,
  logout,
  newService,
  envCreate,
  envList,
  envShow,
  envLogs,
  envExtend,
  envDeploy,
  envTelemetry,
  envRestart,
  envDelete,
  runShow,
  runLogs,
  runCancel,
  runRetry,
  actionList,
  actionRun,
  catalogImport,
  catalogCheck,
  catalogGet,
  scorecardList,
  scorecardShow,
  scorecardCheck,
  guardrailList,
  guardrailCheck,
  deliveryBackfill,
  pathList,
  pathLint,
  pathTest,
  pathProposals,
  pathPublish,
  pathUpgrade,
  serviceDecommission,
  pullList,
  pullShow,
  pullMerge,
  doctor,
  tokenCreate,
  adminGrant,
];
