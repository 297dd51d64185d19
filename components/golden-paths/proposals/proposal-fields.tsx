import { Field, fieldProps } from "@/components/ui/field";

interface Props {
  title: string;
  reason: string;
  errors: Record<string, string>;
  onTitle: (title: string) => void;
  onReason: (reason: string) => void;
}

/** What a proposal says about itself. */
export function ProposalFields({ title, reason, errors, onTitle, onReason }: Props) {
  return (
    <>
      <Field id="title" label="What changes" help="One line." error={errors.title} required>
        <input
          {...fieldProps("title", errors.title, true)}
          className="input"
          placeholder="Run the tests on two Node versions"
          value={title}
          onChange={(event) => onTitle(event.target.value)}
          autoComplete="off"
        />
      </Field>
      <Field id="reason" label="Why" help="What teams gain by it." error={errors.reason} required>
        <textarea {...fieldProps("reason", errors.reason, true)} className="input" rows={4} value={reason} onChange={(event) => onReason(event.target.value)} />
      </Field>
    </>
  );
}
