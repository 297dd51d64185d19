import { execFileSync } from "node:child_process";
import path from "node:path";
import { initRepository } from "@/tests/github/git-backend";

export interface HostedRepo {
  id: number;
  /** As the host writes it in addresses: group path, organisation, workspace, organisation/project. */
  owner: string;
  name: string;
  description: string;
  visibility: string;
  project: string | null;
  isArchived: boolean;
  topics: string[];
  /** What was asked for at its creation beyond that. */
  settings: Record<string, unknown>;
  protections: Record<string, unknown>[];
  variables: Record<string, unknown>[];
  changes: { number: number; title: string; body: string; branch: string; base: string; isOpen: boolean; isDraft: boolean }[];
  chosenBranch: string | null;
  dir: string;
}

/** What one host holds: repositories with a real bare repository behind each. */
export class HostState {
  readonly repos: HostedRepo[] = [];
  readonly owners = new Set<string>(["acme"]);
  private next = 40;

  constructor(private readonly dir: string) {}

  find(owner: string, name: string): HostedRepo | null {
    return this.repos.find((one) => one.owner.toLowerCase() === owner.toLowerCase() && one.name.toLowerCase() === name.toLowerCase()) ?? null;
  }

  byId(id: string): HostedRepo | null {
    return this.repos.find((one) => idOf(one) === id || String(one.id) === id) ?? null;
  }

  add(wanted: Pick<HostedRepo, "owner" | "name"> & Partial<HostedRepo>): HostedRepo {
    this.next += 1;
    const dir = path.join(this.dir, `${this.next}.git`);
    initRepository(dir, "main");
    const made: HostedRepo = {
      id: this.next,
      description: "",
      visibility: "private",
      project: null,
      isArchived: false,
      topics: [],
      settings: {},
      protections: [],
      variables: [],
      changes: [],
      chosenBranch: null,
      dir,
      ...wanted,
    };
    this.repos.push(made);
    return made;
  }

  number(): number {
    this.next += 1;
    return this.next;
  }
}

export const idOf = ({ id }: HostedRepo): string => `00000000-0000-4000-8000-${String(id).padStart(12, "0")}`;

/** Branches that were pushed. */
export function branchesOf({ dir }: HostedRepo): string[] {
  return execFileSync("git", ["--git-dir", dir, "for-each-ref", "--format=%(refname:short)", "refs/heads"], { encoding: "utf8" }).trim().split("\n").filter(Boolean);
}

/** The default branch as hosts choose it: what was set, else the first that was pushed; null while empty. */
export function defaultBranchOf(repo: HostedRepo): string | null {
  const branches = branchesOf(repo);
  return branches.length === 0 ? null : repo.chosenBranch !== null && branches.includes(repo.chosenBranch) ? repo.chosenBranch : (branches[0] ?? null);
}
