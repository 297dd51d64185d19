/** n of a small fixed total, in the unit of the mark. */
export function Blazes({ on, of = 7, label }: { on: number; of?: number; label: string }) {
  return (
    <span className="blazes" role="img" aria-label={label}>
      {Array.from({ length: of }, (_, index) => (
        <i key={index} className={index < on ? "on" : ""} />
      ))}
    </span>
  );
}
