import { EXIT, Exit } from "./exit";

const api = (owner: string, name: string) => `/api/v1/repositories/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/pulls`;

/** Address of the pull requests of `owner/name`. Throws Exit 2. */
export function pullsPath(repository: string): string {
  const [, owner, name] = /^([A-Za-z0-9_][\w.-]*)\/([A-Za-z0-9_][\w.-]*)$/.exec(repository) ?? [];
  if (!owner || !name) throw new Exit(EXIT.usage, `"${repository}" names no repository. Write it as checkout/basket-rules.`);
  return api(owner, name);
}

/** Address of one pull request, `owner/name#7`. Throws Exit 2. */
export function pullPath(operand: string): string {
  const [, owner, name, number] = /^([A-Za-z0-9_][\w.-]*)\/([A-Za-z0-9_][\w.-]*)#([1-9]\d{0,8})$/.exec(operand) ?? [];
  if (!owner || !name) throw new Exit(EXIT.usage, `"${operand}" names no pull request. Write it as checkout/basket-rules#7.`);
  return `${api(owner, name)}/${number}`;
}
