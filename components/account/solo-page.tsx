import type { ReactNode } from "react";
import { Mark } from "@/components/layout/mark";

/** A page outside of the shell with one thing to do. */
export function SoloPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto w-full max-w-[488px] px-6 pb-12 pt-[16vh]">
      <div className="-ml-[7px]">
        <Mark size={40} />
      </div>
      <h1 className="mb-4 mt-6">{title}</h1>
      {children}
    </main>
  );
}
