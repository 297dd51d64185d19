"use client";

import { Rocket } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { deployToEnvironment } from "@/lib/environments/actions";
import { CommitField, useDeployChoices } from "./commit-field";
import { useCommitChoice } from "./use-commit-choice";

interface Props {
  entityRef: string;
  environment: { id: string; name: string };
  /** In a row of small buttons. */
  quiet?: boolean;
}

/** Chooses a branch, tag or commit and deploys it to an environment. */
export function DeployDialog({ entityRef, environment, quiet = false }: Props) {
  const [open, setOpen] = useState(false);
  const [ref, setRef] = useState("");
  const router = useRouter();
  const { pending, errors, message, submit } = useSubmit();
  const choices = useDeployChoices(entityRef, open);
  const wanted = ref.trim() || choices?.defaultBranch || "";
  const { choice, error } = useCommitChoice(entityRef, wanted, open);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    await submit(
      () => deployToEnvironment({ id: environment.id, ref: wanted }),
      ({ run }) => router.push(`/runs/${run.id}`),
    );
  };
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        {quiet ? (
          <Button size="sm" variant="quiet">
            Deploy…
          </Button>
        ) : (
          <Button variant="primary">
            <Rocket className="i" aria-hidden />
            Deploy
          </Button>
        )}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog fixed left-1/2 top-1/2 z-[11] -translate-x-1/2 -translate-y-1/2" aria-describedby={undefined}>
          <form onSubmit={send} noValidate>
            <div className="dialog-body">
              <Dialog.Title asChild>
                <h2>Deploy to {environment.name}</h2>
              </Dialog.Title>
              <p className="muted">The new version starts beside the one that serves and takes over when it is healthy. Nobody is cut off.</p>
              <CommitField value={ref} onChange={setRef} choices={choices} choice={choice} error={error ?? errors.ref} />
              {message ? <Notice tone="danger">{message}</Notice> : null}
            </div>
            <div className="dialog-foot">
              <Dialog.Close asChild>
                <Button>Close</Button>
              </Dialog.Close>
              <Button type="submit" variant="primary" pending={pending}>
                Deploy {choice ? choice.commit.slice(0, 7) : "commit"}
              </Button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
