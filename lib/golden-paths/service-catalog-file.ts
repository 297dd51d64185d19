import { stringify } from "yaml";

/** A catalog file for a golden path that brings none. */
export function catalogFileFor({ name, description, owner }: { name: string; description: string; owner: string }): string {
  return stringify({
    apiVersion: "backstage.io/v1alpha1",
    kind: "Component",
    metadata: { name, ...(description ? { description } : {}) },
    spec: { type: "service", lifecycle: "experimental", owner },
  });
}
