import { endOfName, maySecretNameEndAt } from "./name-in-text.js";
import { hasDigitRun, hasKeyRun } from "./runs.js";

/** What traces may lead to: a secret's name, a token or key, or a place where secrets stand (a command, a statement, a webhook). */
type TraceKind = "name" | "token" | "place";
/** What was found of each, added up; and long runs of digits. */
export const FOUND = { name: 1, token: 2, place: 4, digits: 8 } as const;

interface Trace {
  readonly kind: TraceKind;
  /** Three characters that all of it has, as rare as can be in lines without secrets. */
  readonly grams: string;
  /** What stands around them, if it is one; sticky where the three begin. */
  readonly around: RegExp;
}

/** What may stand between the words of a name: signs, and the letters of JSON's escapes. */
const BETWEEN = "(?:\\\\[a-z]|[^A-Za-z]){0,99}";

/** Any three characters that begin with two: a name of two letters and what follows it. */
const anyBehind = (two: string): string =>
  Array.from({ length: 32 }, (_, low) => two + String.fromCharCode(64 + low)).join(" ");

const TRACES: readonly Trace[] = [
  { kind: "name", grams: "pas pwd key kie zat jwt", around: /pas|pwd|key|kie|zat|jwt/iy },
  // `ken` within `tokens` or `token_count` is none: models print them in every line, and no secret is named so.
  { kind: "name", grams: "ken", around: /ken(?!_?[A-Za-z])/iy },
  { kind: "name", grams: "cre cvv cvc", around: /cre[td]|cv[vc](?![A-Za-z])/iy },
  { kind: "name", grams: "ses", around: new RegExp(`sess(?:ion)?${BETWEEN}id`, "iy") },
  { kind: "name", grams: anyBehind("pw"), around: /pw(?![A-Za-z])/iy },
  {
    kind: "name",
    grams: "otp mfa 2fa rif",
    around: new RegExp(`(?:otp(?![A-Za-z])|(?:otp|[m2]fa|rification)${BETWEEN}code)`, "iy"),
  },
  { kind: "name", grams: "sig", around: /sig(?:n(?:ature)?)?(?![A-Za-z])/iy },
  {
    kind: "name",
    grams: "mne phr _au",
    around: /mnemonic(?![A-Za-z])|phrase(?![A-Za-z])|_auth(?![A-Za-z])/iy,
  },
  { kind: "name", grams: "nnw", around: /nnwort/iy },
  { kind: "place", grams: "?co &co", around: /[?&]code=/y },
  {
    kind: "place",
    grams: "cur ysq iad cli",
    // A user agent (`curl/8.5.0`) is no command: behind that stands a blank.
    around: /(?:curl|ysql(?:dump|admin|import)?|iadb(?:-dump|-admin)?|cli(?<=-cli))(?:\.exe)? /y,
  },
  {
    kind: "place",
    grams: "shp gin smb dap squ",
    around: /shpass|gin(?<=(?:docker|podman) login)|smbcl|dapsea|squitto/y,
  },
  { kind: "place", grams: "ebh oks tif", around: /ebhook|oks\.slack|tified /iy },
  { kind: "place", grams: "ira pas rau", around: /pass(?:in|out|word)? {1,4}pass:|pass:|rauth/iy },
  { kind: "token", grams: "eyj kia sia aiz beg", around: /eyJ|KIA|SIA|AIz|BEG/y },
  { kind: "token", grams: "rer sic", around: /(?:rer|sic) /iy },
  { kind: "token", grams: "ghp gho ghu ghs ghr npm xox xap", around: /gh[pousr]_|npm_|xox[a-z]-|xapp-/y },
  { kind: "token", grams: "at_ at-", around: /at[_-](?<=pat[_-])/y },
  { kind: "token", grams: "hf_ sk- gsk", around: /(?:hf_|sk-|gsk_)(?<![A-Za-z0-9](?:hf_|sk-|gsk_))/y },
  { kind: "token", grams: "sk_ rk_ sg. ya2", around: /[sr]k_[lt][ie]|SG\.|ya29\./y },
  {
    kind: "token",
    grams: "csp hse pyp hvs hvb shp v1_",
    around: /CSPX-|hsec_|pypi-|hv[sb]\.|shp[acp][at s]|v1_/y,
  },
  { kind: "token", grams: ":aa ge- xpr", around: /:AA(?<=\d:AA)|GE-S|xprv/y },
];

/** Traces by the low five bits of their three characters: `a` and `A` are the same there. */
const NONE = 0;
const GRAM = 0x7fff;
const table = new Uint8Array(GRAM + 1);
/** What the lane's scan has of it: 0 for no trace, else ANY and a bit (LETTER_AT) for each of the three that is a letter in all of its traces. */
const signs = new Uint8Array(GRAM + 1);
export const TRACE_SIGNS: Readonly<Uint8Array> = signs;
const ANY = 0x80;
const LETTER_AT = [1, 2, 4] as const;
/** Traces that the same three characters lead to. */
const groups: Trace[][] = [[]];
for (const trace of TRACES) {
  for (const gram of trace.grams.split(" ")) {
    let hash = 0;
    for (const sign of gram) hash = ((hash << 5) | (sign.charCodeAt(0) & 31)) & GRAM;
    if (table[hash] === NONE) table[hash] = groups.push([]) - 1;
    groups[table[hash] as number]?.push(trace);
    signs[hash] = (signs[hash] || 0xff) & (ANY | lettersOf(gram));
  }
}

/** Small letters alone: in their place `anyBehind` means any sign, and others have none. */
function lettersOf(gram: string): number {
  return LETTER_AT.reduce((all: number, bit, at) => (/[a-z]/.test(gram[at] ?? "") ? all | bit : all), 0);
}

/** Long texts are looked at in pieces of this length. */
const PIECE = 65_536;
const bytes = Buffer.allocUnsafe(PIECE);
/** Where the three characters of traces end, in the piece that is looked at. */
const hits = new Uint32Array(PIECE);

/**
 * Looks for all traces in one pass, up to the first name; gives what was found, as the sum of FOUND.
 *
 * A table of three characters, over bytes: 1 ns a character, however many traces there are. Regular expressions take 0.4
 * to 1.6 ns for each list of five to ten words. Characters beyond Latin-1 count as their low byte: `around` sees what they are.
 */
export function findTraces(text: string): number {
  let found = 0;
  /** Where the name ends that was looked at last: inside it no other begins. */
  let done = 0;
  for (let offset = 0; offset < text.length; offset += PIECE - 2) {
    const length = bytes.write(text.length <= PIECE ? text : text.slice(offset, offset + PIECE), "latin1");
    const count = collectHits(length);
    for (let hit = 0; hit < count; hit += 1) {
      const at = hits[hit] as number;
      for (const { kind, around } of groups[table[hashAt(at)] as number] as Trace[]) {
        around.lastIndex = offset + at - 2;
        if (!around.test(text)) continue;
        if (kind !== "name") found |= FOUND[kind];
        else if (around.lastIndex > done) {
          done = endOfName(text, around.lastIndex - 1);
          if (maySecretNameEndAt(text, done)) return found | FOUND.name;
        }
      }
    }
  }
  // Runs may go on from one piece to the next.
  if (text.length > PIECE) return found | FOUND.digits | FOUND.token;
  if (hasDigitRun(bytes, text.length)) found |= FOUND.digits;
  return hasKeyRun(bytes, text.length) ? found | FOUND.token : found;
}

/** The whole of the hot path, and so small that V8 keeps it in registers. */
function collectHits(length: number): number {
  let hash = 0;
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    hash = ((hash << 5) | ((bytes[at] as number) & 31)) & GRAM;
    if (table[hash] !== NONE) {
      hits[count] = at;
      count += 1;
    }
  }
  return count;
}

function hashAt(at: number): number {
  const low = (index: number) => (index < 0 ? 0 : (bytes[index] as number) & 31);
  return (low(at - 2) << 10) | (low(at - 1) << 5) | low(at);
}
