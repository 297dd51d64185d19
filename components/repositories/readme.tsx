import { Markdown } from "@/components/ui/markdown";
import { treeHref } from "./addresses";

interface Props {
  repository: { owner: string; name: string };
  at: string;
  file: { path: string; text: string };
}

/** The README of a folder; its links to other files of the repository lead to their pages. */
export function Readme({ repository, at, file }: Props) {
  const folder = file.path.split("/").slice(0, -1);
  const link = (href: string) => (/^([a-z][a-z0-9+.-]*:|#|\/\/)/i.test(href) ? href : treeHref(repository, at, resolved(folder, href)));
  return (
    <section className="table-wrap" aria-label={file.path}>
      <div className="last-commit">
        <span className="mono">{file.path.split("/").at(-1)}</span>
      </div>
      <div className="p-4">
        <Markdown text={file.text} link={link} />
      </div>
    </section>
  );
}

/** The path of a relative link; what leads out of the repository stays at its top. */
function resolved(folder: string[], href: string): string {
  const parts = href.startsWith("/") ? [] : [...folder];
  for (const part of (href.split("#")[0] ?? "").split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
