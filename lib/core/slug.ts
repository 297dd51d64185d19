/** `Production readiness!` → `production-readiness`; empty when nothing is left. */
export const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 50)
    .replace(/-+$/, "");
