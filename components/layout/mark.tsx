/** The double blaze: on a trail, "the path turns here". */
export function Mark({ size = 18 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 18 18" aria-hidden>
      <rect className="mark-ink" x="3" y="8" width="5" height="8.5" rx="1" />
      <rect className="mark-accent" x="10" y="1.5" width="5" height="8.5" rx="1" />
    </svg>
  );
}
