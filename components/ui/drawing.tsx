/** In the place of a drawing that is on its way. */
export function Drawing({ className }: { className: string }) {
  return (
    <div className={`${className} caption grid place-items-center`} data-loading>
      Drawing…
    </div>
  );
}
