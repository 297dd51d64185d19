const MAX_LENGTH = 80;

/** The greeting for a name, or what is wrong with the name. */
export function greetingFor(name) {
  const text = typeof name === "string" ? name.trim() : "";
  if (text === "") return { problem: "Say whom to greet." };
  if (text.length > MAX_LENGTH) return { problem: `At most ${MAX_LENGTH} characters; this has ${text.length}.` };
  if (text.includes("\0")) return { problem: "Remove the NUL character." };
  return { text: `Hello, ${text}!` };
}
