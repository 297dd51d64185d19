export interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

/** An event larger than this is no event of a portal. */
const MAX_CHARACTERS = 4_000_000;

/** The events of a server-sent event stream (WHATWG HTML §9.2.6). Comments are dropped; ends with the stream, also in the middle of an event. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  let fields: ServerEvent = { event: "message", data: "", id: "" };
  for await (const chunk of body) {
    // A \r at the very end may be the first half of \r\n.
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    if (rest.length + fields.data.length > MAX_CHARACTERS) throw new Error("The portal sent an event that is too large.");
    for (const line of lines) {
      if (line) fields = withLine(fields, line);
      else {
        if (fields.data) yield { ...fields, data: fields.data.slice(0, -1) };
        fields = { event: "message", data: "", id: fields.id };
      }
    }
  }
}

function withLine(fields: ServerEvent, line: string): ServerEvent {
  const colon = line.indexOf(":");
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (name === "data") return { ...fields, data: `${fields.data}${value}\n` };
  if (name === "event" || name === "id") return { ...fields, [name]: value };
  return fields;
}
