/** Characters that a part of a subject may have; the others stand as `=` and two hexadecimal digits, byte by byte. */
const PLAIN = /[A-Za-z0-9_-]/;

/** Whose lines a subject carries. */
export interface SubjectParts {
  readonly host: string;
  /** The engine's id. */
  readonly containerId: string;
}

/** `logs.web-1.3f4a…`: one subject for each container, so that a user may be allowed those of one host. */
export function subjectOf(prefix: string, { host, containerId }: SubjectParts): string {
  return `${prefix}.${token(host)}.${token(containerId)}`;
}

/** All subjects of a host. */
export function subjectsOfHost(prefix: string, host: string): string {
  return `${prefix}.${token(host)}.*`;
}

/** All subjects below a prefix. */
export function allSubjects(prefix: string): string {
  return `${prefix}.*.*`;
}

/** How the subjects of answers to a client begin: whoever may listen to no others sees no lines of another host. */
export function inboxOf(name: string): string {
  return `_INBOX.${token(name)}`;
}

/** The stream of a prefix: hosts are divided among several by prefixes such as `logs.eu`. */
export function streamOf(prefix: string): string {
  return prefix.replaceAll(".", "-");
}

/** Undefined when it is no subject below the prefix as `subjectOf` makes them. */
export function readSubject(prefix: string, subject: string): SubjectParts | undefined {
  if (!subject.startsWith(`${prefix}.`)) return undefined;
  const [host, containerId, ...more] = subject
    .slice(prefix.length + 1)
    .split(".")
    .map(readToken);
  return host && containerId && more.length === 0 ? { host, containerId } : undefined;
}

function token(name: string): string {
  let text = "";
  for (const byte of Buffer.from(name)) {
    const letter = String.fromCharCode(byte);
    text += PLAIN.test(letter) ? letter : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}

function readToken(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9_-]|=[0-9A-F]{2})+$/.test(text)) return undefined;
  const bytes = text.replace(/=(..)/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
