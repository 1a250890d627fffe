/** Receives the parts of the body: bytes `start` to `end` of `buffer`. */
export type SpanSink = (buffer: Buffer, start: number, end: number) => void;

type State = "head" | "chunk-size" | "chunk-data" | "chunk-end" | "trailer" | "to-end" | "done";

const HEAD_LIMIT = 64 * 1024;
const LF = 10;

/**
 * Reads one HTTP/1.1 answer (RFC 9112) off a connection without copying its body: chunked framing (section 7.1),
 * Content-Length, or up to the end of the connection.
 */
export class BodyDecoder {
  status = 0;
  /** The answer ended as its framing says it should. */
  complete = false;
  readonly #span: SpanSink;
  #state: State = "head";
  #text = "";
  #left = 0;
  #counted = false;
  /** Body of a refusal, one character a byte: parts may end in the middle of a character. */
  #error = "";

  constructor(span: SpanSink) {
    this.#span = span;
  }

  /** What has come ends in the middle of a chunk: the engine makes one of each message. */
  get isInChunk(): boolean {
    return this.#state === "chunk-data" && !this.#counted;
  }

  /** The engine's own words for a refusal. */
  errorText(): string {
    const body = Buffer.from(this.#error, "latin1").toString("utf8");
    try {
      const message: unknown = JSON.parse(body).message;
      if (typeof message === "string") return `the engine answered ${this.status}: ${message}`;
    } catch {
      // Not the engine's JSON: a proxy's page, shown as it is.
    }
    return `the engine answered ${this.status}: ${body.trim().slice(0, 500)}`;
  }

  push(buffer: Buffer): void {
    let at = 0;
    while (at < buffer.length) {
      switch (this.#state) {
        case "head":
          at = this.#head(buffer, at);
          break;
        case "chunk-size":
          at = this.#size(buffer, at);
          break;
        case "chunk-data": {
          const end = Math.min(buffer.length, at + this.#left);
          this.#body(buffer, at, end);
          this.#left -= end - at;
          at = end;
          if (this.#left === 0) this.#state = this.#counted ? this.#finish() : "chunk-end";
          break;
        }
        case "chunk-end":
          // CR LF behind a chunk's data.
          if (buffer[at] === LF) this.#state = "chunk-size";
          at += 1;
          break;
        case "trailer":
          at = this.#trailer(buffer, at);
          break;
        case "to-end":
          this.#body(buffer, at, buffer.length);
          at = buffer.length;
          break;
        case "done":
          return;
      }
    }
  }

  #body(buffer: Buffer, start: number, end: number): void {
    if (this.status === 200) this.#span(buffer, start, end);
    else if (this.#error.length < HEAD_LIMIT) this.#error += buffer.toString("latin1", start, end);
  }

  #finish(): State {
    this.complete = true;
    return "done";
  }

  #head(buffer: Buffer, at: number): number {
    const already = this.#text.length;
    this.#text += buffer.toString("latin1", at);
    const end = this.#text.indexOf("\r\n\r\n", Math.max(0, already - 3));
    if (end < 0) {
      if (this.#text.length > HEAD_LIMIT) throw new Error("the answer's header does not end");
      return buffer.length;
    }
    const head = this.#text.slice(0, end);
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(head);
    if (status === null) throw new Error(`not an HTTP answer: ${head.slice(0, 100)}`);
    this.status = Number(status[1]);
    this.#text = "";
    const length = /\r\ncontent-length:\s*(\d+)/i.exec(head);
    if (/\r\ntransfer-encoding:[^\r\n]*chunked/i.test(head)) this.#state = "chunk-size";
    else if (length !== null) {
      this.#counted = true;
      this.#left = Number(length[1]);
      this.#state = this.#left === 0 ? this.#finish() : "chunk-data";
    } else this.#state = "to-end";
    return at + end + 4 - already;
  }

  /** A chunk's size line; sizes are short, so it is mostly read in one go. */
  #size(buffer: Buffer, at: number): number {
    let size = this.#left;
    for (let index = at; index < buffer.length; index += 1) {
      const byte = buffer[index]!;
      if (byte === LF) {
        this.#left = size;
        this.#text = "";
        this.#state = size === 0 ? "trailer" : "chunk-data";
        return index + 1;
      }
      const digit = hexDigit(byte);
      // A chunk extension (";…") and the CR are passed over.
      if (digit >= 0 && this.#text === "") size = size * 16 + digit;
      else this.#text = ";";
    }
    this.#left = size;
    return buffer.length;
  }

  #trailer(buffer: Buffer, at: number): number {
    const end = buffer.indexOf(LF, at);
    if (end < 0) {
      this.#text += buffer.toString("latin1", at);
      return buffer.length;
    }
    const line = this.#text + buffer.toString("latin1", at, end);
    this.#text = "";
    if (line.trim() === "") this.#state = this.#finish();
    return end + 1;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
