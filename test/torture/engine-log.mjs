/** What the engine holds of a container: a reading without follow, cut into lines by this file's own few rules. */

/**
 * @typedef {object} HeldLine
 * @property {string} ts the engine's time
 * @property {"stdout" | "stderr"} stream
 * @property {string} text
 */

/** A longer line comes in pieces of so many bytes; json-file makes three bytes of each byte of a letter that a cut went through. */
const PIECE_BYTES = 16_384;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /g;

/**
 * @param {import("./containers.mjs").Printer} printer
 * @returns {Promise<HeldLine[]>}
 */
export async function readEngineLog({ container, tty }) {
  const query = { follow: false, stdout: true, stderr: true, timestamps: true };
  const body = /** @type {Buffer} */ (await container.logs(query));
  return linesOf(tty ? terminalMessages(body) : framedMessages(body));
}

/** Frames of moby's stdcopy: stream, three zeros, length; then time, space and text. Texts are bytes, one a character. */
export function* framedMessages(body) {
  for (let at = 0; at < body.length; ) {
    const end = at + 8 + body.readUInt32BE(at + 4);
    const text = body.toString("latin1", at + 8, end);
    yield { ts: text.slice(0, 30), stream: body[at] === 2 ? "stderr" : "stdout", text: text.slice(31) };
    at = end;
  }
}

/** No frames: a message begins wherever a time stands, because nothing that the containers print looks like one. */
export function* terminalMessages(body) {
  const text = body.toString("latin1");
  const starts = [...text.matchAll(TIME)].map(({ index }) => index);
  for (const [turn, start] of starts.entries()) {
    const message = text.slice(start, starts[turn + 1] ?? text.length);
    yield { ts: message.slice(0, 30), stream: "stdout", text: message.slice(31) };
  }
}

/** Joins the pieces of long lines: full pieces without line end, and what follows them with the same time on the same stream. */
export function linesOf(messages) {
  const lines = [];
  const begun = new Map();
  for (const { ts, stream, text } of messages) {
    const before = begun.get(stream);
    const joins = before?.ts === ts && before.open;
    const line = joins ? before : { ts, stream, text: "", open: true };
    if (!joins) lines.push(line);
    begun.set(stream, line);
    line.text += text;
    line.open = text.length >= PIECE_BYTES && !text.endsWith("\n");
  }
  return lines.map(({ ts, stream, text }) => {
    // A terminal puts a carriage return before each line end; `local` leaves the line end of a long line out.
    const bytes = text.replace(/\n$/, "").replace(/\r$/, "");
    return { ts, stream, text: Buffer.from(bytes, "latin1").toString("utf8") };
  });
}
