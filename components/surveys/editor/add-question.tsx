"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { DEFAULT_ITEMS, KIND_WORDS, type Kind, LIBRARY, type Question } from "@/lib/surveys/contract";
import { ownQuestion } from "./own-question";

const OWN_KINDS: Kind[] = ["rating", "choice", "choices", "bucket", "text", "nps"];

interface Props {
  /** Questions that the form has. */
  taken: Set<string>;
  /** Names of those and of the questions of months. */
  reserved: Set<string>;
  onAdd: (question: Question) => void;
}

/** A question out of the library, or one of their own to be worded. */
export function AddQuestion({ taken, reserved, onAdd }: Props) {
  const [picked, setPicked] = useState("");
  const [kind, setKind] = useState<Kind>("rating");
  const ready = [...DEFAULT_ITEMS.map(({ question }) => question), ...LIBRARY].filter(({ item }) => !taken.has(item));
  const chosen = ready.find(({ item }) => item === picked) ?? ready[0];
  const own = () => onAdd(ownQuestion(kind, reserved));
  return (
    <div className="stack-4">
      {chosen ? (
        <div className="line items-end!">
          <div className="grow min-w-0">
            <Field id="library" label="From the library">
              <ChoiceField
                {...fieldProps("library", undefined)}
                value={chosen.item}
                onChange={(event) => setPicked(event.target.value)}
                options={ready.map(({ item, text }) => ({ value: item, label: text }))}
              />
            </Field>
          </div>
          <Button onClick={() => onAdd(chosen)}>Add question</Button>
        </div>
      ) : null}
      <div className="line items-end!">
        <div className="grow min-w-0">
          <Field id="own-kind" label="One of your own">
            <ChoiceField
              {...fieldProps("own-kind", undefined)}
              value={kind}
              onChange={(event) => setKind(OWN_KINDS.find((one) => one === event.target.value) ?? "rating")}
              options={OWN_KINDS.map((one) => ({ value: one, label: KIND_WORDS[one] }))}
            />
          </Field>
        </div>
        <Button onClick={own}>Add own question</Button>
      </div>
    </div>
  );
}
