import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BodyDecoder } from "../../../src/sources/docker/http-body.js";
import { borders } from "../arbitraries.js";
import { chunk, cutAt } from "../engine-log.js";

interface Answer {
  readonly head: string;
  readonly body: Buffer;
}

function decode({ head, body }: Answer, cuts: readonly number[]): { decoder: BodyDecoder; body: Buffer } {
  const parts: Buffer[] = [];
  const decoder = new BodyDecoder((buffer, start, end) =>
    parts.push(Buffer.from(buffer.subarray(start, end))),
  );
  for (const part of cutAt(Buffer.concat([Buffer.from(`${head}\r\n\r\n`, "latin1"), body]), cuts)) {
    decoder.push(part);
  }
  return { decoder, body: Buffer.concat(parts) };
}

const OK = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nServer: Docker/20.10.24 (linux)";
const bodies = fc.array(
  fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  {
    maxLength: 12,
  },
);
const extensions = fc.constantFrom("", ";a", ';name="v;\x20alue"', "  ", ";abcdef=0123456789");

describe("reading an HTTP answer", () => {
  it("takes chunks with extensions and trailers whatever the borders", () => {
    fc.assert(
      fc.property(
        bodies,
        extensions,
        fc.constantFrom("", "X-Trailer: 5\r\n", "a: b\r\nc: d\r\n"),
        fc.boolean(),
        borders,
        (chunks, extension, trailer, upper, cuts) => {
          const name = upper ? "TRANSFER-ENCODING: Chunked" : "Transfer-Encoding: chunked";
          const end = Buffer.from(`0${extension}\r\n${trailer}\r\n`);
          const body = Buffer.concat([...chunks.map((bytes) => chunk(bytes, extension)), end]);
          const got = decode({ head: `${OK}\r\n${name}`, body }, cuts);
          expect(got.body.equals(Buffer.concat(chunks))).toBe(true);
          expect(got.decoder.complete).toBe(true);
        },
      ),
    );
  });

  it("knows that chunks are not at their end anywhere before it", () => {
    const body = Buffer.concat([
      chunk(Buffer.from("hello")),
      chunk(Buffer.from("world")),
      Buffer.from("0\r\n\r\n"),
    ]);
    for (let length = 0; length < body.length; length += 1) {
      const got = decode({ head: `${OK}\r\nTransfer-Encoding: chunked`, body: body.subarray(0, length) }, []);
      expect(got.decoder.complete).toBe(false);
    }
  });

  it("takes as many bytes as Content-Length says, and none of what stands behind", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), borders, (bytes, cuts) => {
        const head = `${OK}\r\ncontent-length:${bytes.length}`;
        const got = decode({ head, body: Buffer.concat([bytes, Buffer.from("HTTP/1.1 400")]) }, cuts);
        expect(got.body.equals(Buffer.from(bytes))).toBe(true);
        expect(got.decoder.complete).toBe(true);
      }),
    );
  });

  it("takes everything up to the end of the connection where nothing says how much it is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), borders, (bytes, cuts) => {
        const got = decode({ head: "HTTP/1.0 200 OK\r\nServer: proxy", body: Buffer.from(bytes) }, cuts);
        expect(got.body.equals(Buffer.from(bytes))).toBe(true);
        // Nobody can tell such an end from a cut.
        expect(got.decoder.complete).toBe(false);
      }),
    );
  });

  it("keeps what a refusal says apart from what a log says", () => {
    fc.assert(
      fc.property(borders, (cuts) => {
        const body = Buffer.from('{"message":"no such container: ähm"}\n');
        const head = `HTTP/1.1 404 Not Found\r\nContent-Length: ${body.length}`;
        const got = decode({ head, body }, cuts);
        expect(got.body.length).toBe(0);
        expect(got.decoder.errorText()).toBe("the engine answered 404: no such container: ähm");
      }),
    );
  });

  it("shows a proxy's page as it is, cut short", () => {
    const page = `<html>${"x".repeat(2000)}`;
    const { decoder } = decode({ head: "HTTP/1.1 503 Service Unavailable", body: Buffer.from(page) }, []);
    expect(decoder.errorText()).toBe(`the engine answered 503: ${page.slice(0, 500)}`);
  });

  it.each([
    ["an answer in another language", "SSH-2.0-OpenSSH_9.2"],
    ["a header that does not end", `${OK}\r\nX-Long: ${"y".repeat(70_000)}`],
  ])("refuses %s", (_, head) => {
    const decoder = new BodyDecoder(() => undefined);
    expect(() => decoder.push(Buffer.from(`${head}${head.startsWith("SSH") ? "\r\n\r\n" : ""}`))).toThrow();
  });
});
