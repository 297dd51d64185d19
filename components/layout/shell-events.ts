// The palette and the shortcut list are one each; whatever wants them open says so by an event of the window.
export const PALETTE_EVENT = "waymark:palette";
export const HELP_EVENT = "waymark:help";

export const openPalette = () => window.dispatchEvent(new Event(PALETTE_EVENT));
export const openHelp = () => window.dispatchEvent(new Event(HELP_EVENT));
