import { Fragment } from "react";
import { SectionHead } from "@/components/ui/page-head";
import { byteSize } from "@/lib/core/format";
import type { KeptStorage } from "@/lib/environments/contract";

/** What lies on disk for environments to come, and the room that is left. */
export function StorageSection({ items, keepDays }: { items: KeptStorage[]; keepDays: number }) {
  if (items.length === 0) return null;
  return (
    <section className="form">
      <SectionHead title="Disk" />
      {items.map(({ driver, title, kept, freeBytes, totalBytes }) => {
        const of = (kind: "packages" | "build") => kept.filter((one) => one.kind === kind);
        const unused = kept.filter(({ isInUse }) => !isInUse);
        const words = (some: KeptStorage["kept"], one: string, many = `${one}s`) => `${byteSize(sumOf(some))} in ${some.length} ${some.length === 1 ? one : many}`;
        const facts = [
          ["Packages", words(of("packages"), "set")],
          ["Builds", words(of("build"), "build")],
          ["Not in use", unused.length ? `${words(unused, "folder")}; each goes ${keepDays} ${keepDays === 1 ? "day" : "days"} after its last use` : "Nothing"],
          ["Free", `${byteSize(freeBytes)} of ${byteSize(totalBytes)}`],
        ] as const;
        return (
          <Fragment key={driver}>
            {items.length > 1 ? <h3>{title}</h3> : null}
            <dl className="facts">
              {facts.map(([label, value]) => (
                <div key={label} className="contents">
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </Fragment>
        );
      })}
      <p className="caption mt-2">Environments share packages and builds, each made once. What was removed is made again when it is needed; the audit log says what that freed.</p>
    </section>
  );
}

const sumOf = (some: KeptStorage["kept"]) => some.reduce((sum, { bytes }) => sum + bytes, 0);
