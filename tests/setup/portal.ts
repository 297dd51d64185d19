import type { TestProject } from "vitest/node";
import type { TestPortal } from "./at-portal";
import { startPortal } from "./start-portal";

declare module "vitest" {
  interface ProvidedContext {
    portal: TestPortal;
  }
}

/** The portal with the demo company that the browser tests share. */
export default async function setup(project: TestProject) {
  const { stop, ...portal } = await startPortal();
  project.provide("portal", portal);
  return stop;
}
