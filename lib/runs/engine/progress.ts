/**
 * Which step a run is in, and which one an error came from. A step may go on inside another, and the inner one may even begin
 * first: the step whose own work threw the error is the one that failed, whatever else was under way.
 */
export interface Progress {
  begin(step: string): void;
  end(step: string): void;
  threw(step: string, error: unknown): void;
  /** The step that the error, or what it was made from, came from; else the one that began last and is under way. */
  stepOf(error: unknown): string | null;
}

export function trackProgress(): Progress {
  const underWay: string[] = [];
  const thrownBy = new Map<unknown, string>();
  const current = () => underWay.at(-1) ?? null;
  const end = (step: string) => {
    const at = underWay.lastIndexOf(step);
    if (at >= 0) underWay.splice(at, 1);
  };
  const stepOf = (error: unknown): string | null => thrownBy.get(error) ?? (error instanceof Error && error.cause !== undefined ? stepOf(error.cause) : null);
  return {
    begin: (step) => underWay.push(step),
    end,
    threw: (step, error) => {
      if (stepOf(error) === null) thrownBy.set(error, step);
    },
    stepOf: (error) => stepOf(error) ?? current(),
  };
}
