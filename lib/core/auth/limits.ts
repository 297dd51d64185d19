/** Lifetime of a session from sign-in, whatever happens. */
export const SESSION_HOURS = 12;
/** A session unused for this long has ended. */
export const SESSION_IDLE_MINUTES = 60;
/** How often "last seen" is written. */
export const LAST_SEEN_SECONDS = 60;
