/** Next's start-up hook: opens and migrates the database, seeds, and starts worker and proxy according to WAYMARK_ROLE. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.NEXT_PHASE === "phase-production-build") return;
  const { boot } = await import("./lib/worker/boot");
  await boot();
}
