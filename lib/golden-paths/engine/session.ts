import { DomainError } from "@/lib/core/errors";
import { NO_WISHES } from "@/lib/repositories/provider";
import { type MaterializeArgs, type Materialized, materialize } from "./materialize";
import type { Outside, Publication, Published } from "./step-action";

// A template's steps run from first to last in one go, but what they ask of the world outside is done by the steps of a run,
// which have checkpoints. So the template is started at once and waits where it asks: first to publish its files, then to
// register them. After a crash it is started again, renders the same files, and gets the answers from the checkpoints.
// A template that does not ask is published and registered at its end all the same.

const DEFAULT_PUBLICATION: Publication = {
  action: "publish:github",
  repoUrl: null,
  description: null,
  defaultBranch: "main",
  visibility: "private",
  topics: [],
  commitMessage: null,
  author: { name: null, email: null },
  sourcePath: null,
  wishes: NO_WISHES,
};
export const CATALOG_FILE = "catalog-info.yaml";

export interface Session {
  /** The files are written; the template waits for `published`. */
  rendered: Promise<Publication>;
  published(answer: Published): void;
  /** Path of the file to register; null when the template leaves it open. It waits for `registered`. */
  registration: Promise<string | null>;
  registered(answer: { entityRef: string; catalogInfoUrl: string }): void;
  /** The template's last step is done. */
  finished: Promise<Materialized>;
}

/** Starts the steps of a golden path, those that reach outside included. Its promises throw what the steps throw; the signal lets go of a template that still waits. */
export function startSession({ once, ...args }: Omit<MaterializeArgs, "scope" | "outside"> & Pick<Outside, "once">): Session {
  const rendered = deferred<Publication>();
  const published = deferred<Published>();
  const registration = deferred<string | null>();
  const registered = deferred<{ entityRef: string; catalogInfoUrl: string }>();
  let hasPublished = false;
  let hasRegistered = false;
  const outside: Outside = {
    once,
    publish: (publication: Publication) => {
      if (hasPublished) throw new DomainError("invalid", "A golden path can publish one repository. Remove the second publish step.");
      hasPublished = true;
      rendered.resolve(publication);
      return published.promise;
    },
    register: (file: string) => {
      if (!hasPublished) throw new DomainError("invalid", "Register comes after publish: move catalog:register behind the publish step.");
      if (hasRegistered) throw new DomainError("invalid", "A golden path can register one file of its repository. Put several entities into it.");
      hasRegistered = true;
      registration.resolve(file);
      return registered.promise;
    },
  };
  const finished = materialize({ ...args, scope: "all", outside });
  finished.then(
    () => {
      rendered.resolve(DEFAULT_PUBLICATION);
      registration.resolve(null);
    },
    (error: unknown) => {
      rendered.reject(error);
      registration.reject(error);
    },
  );
  const close = () => {
    for (const one of [published, registered]) one.reject(args.signal.aborted ? args.signal.reason : new DomainError("unavailable", "The run ended before this step."));
  };
  args.signal.addEventListener("abort", close, { once: true });
  for (const one of [rendered, published, registration, registered, { promise: finished }]) one.promise.catch(() => {});
  return { rendered: rendered.promise, published: published.resolve, registration: registration.promise, registered: registered.resolve, finished };
}

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

function deferred<T>(): Deferred<T> {
  let settle: Pick<Deferred<T>, "resolve" | "reject"> = { resolve: () => {}, reject: () => {} };
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}
