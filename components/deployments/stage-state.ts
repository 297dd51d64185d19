import { isAtWork } from "@/components/environments/environments-table";
import type { ServiceEnvironments, Stage } from "@/lib/environments/contract";

/** Whether something is being done to a stage now, so that no second deployment is offered. */
export const isStageBusy = ({ newest, environment }: Stage): boolean =>
  newest?.status === "running" || newest?.status === "waiting" || (environment !== null && isAtWork(environment));

/** Whether what the page shows of a service will change by itself soon. */
export const isServiceBusy = ({ stages, sandboxes }: ServiceEnvironments): boolean => stages.some(isStageBusy) || sandboxes.some(isAtWork);
