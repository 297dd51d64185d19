"use client";

import { Box } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { createEnvironment } from "@/lib/environments/actions";
import { CommitField, useDeployChoices } from "./commit-field";
import { useCommitChoice } from "./use-commit-choice";

const TTLS = ["4h", "24h", "48h", "7d"];

/** A copy of the service at a branch, with its own database, that ends by itself. */
export function SandboxDialog({ entityRef, title }: { entityRef: string; title: string }) {
  const [open, setOpen] = useState(false);
  const [ref, setRef] = useState("");
  const [ttl, setTtl] = useState("24h");
  const router = useRouter();
  const { pending, errors, message, submit } = useSubmit();
  const choices = useDeployChoices(entityRef, open);
  const wanted = ref.trim() || choices?.defaultBranch || "";
  const { choice, error } = useCommitChoice(entityRef, wanted, open);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    await submit(
      () => createEnvironment({ entityRef, tier: "sandbox", ttl, ...(wanted ? { ref: wanted } : {}) }),
      ({ run }) => router.push(`/runs/${run.id}`),
    );
  };
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button>
          <Box className="i" aria-hidden />
          Create sandbox
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog fixed left-1/2 top-1/2 z-[11] -translate-x-1/2 -translate-y-1/2" aria-describedby={undefined}>
          <form onSubmit={send} noValidate>
            <div className="dialog-body">
              <Dialog.Title asChild>
                <h2>Create a sandbox of {title}</h2>
              </Dialog.Title>
              <p className="muted">It runs a branch with a database of its own and ends by itself.</p>
              <CommitField value={ref} onChange={setRef} choices={choices} choice={choice} error={error ?? errors.ref} />
              <Field id="ttl" label="Ends after" help="It can be extended later." error={errors.ttl}>
                <select {...fieldProps("ttl", errors.ttl, true)} className="select" value={ttl} onChange={(event) => setTtl(event.target.value)}>
                  {TTLS.map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </select>
              </Field>
              {message ? <Notice tone="danger">{message}</Notice> : null}
            </div>
            <div className="dialog-foot">
              <Dialog.Close asChild>
                <Button>Close</Button>
              </Dialog.Close>
              <Button type="submit" variant="primary" pending={pending}>
                Create sandbox
              </Button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
