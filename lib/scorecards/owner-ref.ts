/** The ref of an owner as people name it: a whole ref, or the short name of a team. */
export const ownerRefOf = (text: string): string => (text.includes(":") ? text : `group:default/${text}`).toLowerCase();
