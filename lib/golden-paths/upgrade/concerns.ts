import type { GoldenPathDefinition } from "../definition";

/** A part of a golden path that a team can take into its own hands. */
export interface Concern {
  name: string;
  /** Patterns of the files that belong to it. */
  files: string[];
}

const ANNOTATION = "waymark.dev/concern.";

/** Where the usual parts are, for a path that does not say it itself. */
const USUAL: Concern[] = [
  { name: "pipeline", files: [".github/**", ".gitlab-ci.yml"] },
  { name: "manifests", files: ["k8s/**", "deploy/**", "argocd/**"] },
  { name: "image", files: ["Dockerfile", ".dockerignore"] },
  { name: "policy", files: ["policy/**"] },
  { name: "documentation", files: ["docs/**", "mkdocs.yml", "README.md"] },
  { name: "ownership", files: ["CODEOWNERS", ".github/CODEOWNERS"] },
];

/** The parts of a path: those that annotations `waymark.dev/concern.<name>: pattern, pattern` name, else the usual ones. */
export function concernsOf(definition: GoldenPathDefinition): Concern[] {
  const named = Object.entries(definition.metadata.annotations ?? {})
    .filter(([key]) => key.startsWith(ANNOTATION))
    .map(([key, value]) => ({
      name: key.slice(ANNOTATION.length),
      files: value
        .split(",")
        .map((pattern) => pattern.trim())
        .filter(Boolean),
    }))
    .filter(({ name, files }) => name && files.length > 0);
  return named.length ? named : USUAL;
}

/** What everything of a path is called where a concern is named. */
export const WHOLE_PATH_FILES = ["**"];
