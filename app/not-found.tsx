import type { Metadata } from "next";
import { LinkButton } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="solo stack-4">
      <h1>There is nothing here</h1>
      <p className="muted">The address is wrong, the thing was deleted more than 30 days ago, or you may not see it. If somebody sent you the link, ask them for access.</p>
      <div>
        <LinkButton href="/">Go home</LinkButton>
      </div>
    </main>
  );
}
