"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { FormDialog } from "@/components/ui/form-dialog";
import { setMeasures } from "@/lib/metrics/actions";
import { DEFINITIONS, isMetric, MEASURES, type MeasureName } from "@/lib/metrics/contract";
import { addressWith, type DeliveryAddress } from "./address";

const NON_CORE_WORDS = { title: "Time on non-core work", sub: "Hours a day that went to infrastructure and tooling, from the survey" };
const wordsOf = (name: MeasureName) => (isMetric(name) ? DEFINITIONS[name] : NON_CORE_WORDS);

interface Props {
  chosen: MeasureName[];
  address: DeliveryAddress;
  /** Group whose default the person may choose; null where they may not. */
  team: { ref: string; title: string } | null;
}

/** Which measures stand beside the three numbers; the choice is kept per person, and per group as its default. */
export function AddMeasure({ chosen, address, team }: Props) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [picked, setPicked] = useState(chosen);
  const [forTeam, setForTeam] = useState(false);
  const toggle = (name: MeasureName) => setPicked((now) => (now.includes(name) ? now.filter((one) => one !== name) : [...now, name]));
  const save = async () => {
    const measures = MEASURES.filter((one) => picked.includes(one));
    const mine = await setMeasures({ measures });
    if (!mine.ok) return mine.error.message;
    const theirs = forTeam && team ? await setMeasures({ measures, team: team.ref }) : mine;
    if (!theirs.ok) return theirs.error.message;
    router.replace(addressWith(address, { measures: undefined }), { scroll: false });
    router.refresh();
    return null;
  };
  const begin = () => {
    setPicked(chosen);
    setForTeam(false);
    setOpen(true);
  };
  return (
    <>
      <Button size="sm" onClick={begin}>
        <Plus className="i" aria-hidden />
        Add measure
      </Button>
      <FormDialog open={open} onOpenChange={setOpen} title="Measures beside the three numbers" submitLabel="Show measures" onSubmit={save}>
        <fieldset className="stack-2">
          <legend className="sr">Measures</legend>
          {MEASURES.map((name) => (
            <label key={name} className="check measure">
              <input type="checkbox" checked={picked.includes(name)} onChange={() => toggle(name)} />
              <span>
                {wordsOf(name).title} <span className="muted block caption">{wordsOf(name).sub}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {team ? (
          <label className="check">
            <input type="checkbox" checked={forTeam} onChange={() => setForTeam(!forTeam)} />
            <span>Also the default for everybody who looks at {team.title}</span>
          </label>
        ) : null}
      </FormDialog>
    </>
  );
}
