/** What a person reads where a call did not reach the portal. */
export const LOST = "It did not arrive. Look at the connection and try again.";
