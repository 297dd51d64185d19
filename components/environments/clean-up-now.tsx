"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { DeleteEnvironment } from "./delete-environment";

/** What a failed create left behind can go at once instead of after 30 minutes. */
export function CleanUpNow({ environment }: { environment: { id: string; name: string; lifetime: "ephemeral" | "permanent" } }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Clean up now</Button>
      <DeleteEnvironment environment={environment} open={open} onOpenChange={setOpen} />
    </>
  );
}
