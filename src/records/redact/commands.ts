import type { Find } from "./finding.js";
import { isSecretName } from "./names.js";
import { valueAt } from "./value-at.js";

/** `--password hunter2`, and Java's `-storepass hunter2`. */
const FLAG = /(?:--([a-z][\w-]{0,60})|\s-((?:store|key)pass)) {1,4}(?=[^\s-])/g;
/** A program that takes a password behind one letter, and what may stand up to it on the line. */
const PROGRAM =
  /\b(curl|mysql(?:dump|admin|import)?|mariadb(?:-dump|-admin)?|sshpass|redis-cli|valkey-cli|docker login|podman login|smbclient|ldapsearch|mosquitto_(?:pub|sub))(?:\.exe)?(?= )/g;
/** How far behind the program's name its flag may stand. */
const LONGEST_COMMAND = 300;
const END_OF_COMMAND = /[\r\n|;]|&&/;
/** `-passin pass:hunter2` of OpenSSL. */
const OPENSSL = /-pass(?:in|out|word)? {1,4}pass:([^\s"']{1,200})/g;

type Flag = RegExp;
const BEHIND_USER: Flag = / -(?:u|-user)[ =]{0,4}["']?[^\s:"']{1,100}:(?!\/\/)([^\s"']{1,200})/;
/** What each program calls its password; the value is the first group that is there. */
const FLAGS: readonly (readonly [program: RegExp, flag: Flag])[] = [
  [/^curl/, BEHIND_USER],
  [/^(?:mysql|mariadb)/, / -p(?:'([^']{1,200})'|"([^"]{1,200})"|([^\s"'-]\S{0,200}))/],
  [/^sshpass/, / -p {0,4}(?:'([^']{1,200})'|"([^"]{1,200})"|([^\s"']{1,200}))/],
  [/-cli$/, / -a {1,4}["']?([^\s"']{1,200})/],
  [/login$/, / -p {1,4}["']?([^\s"']{1,200})/],
  [/^smbclient/, / -U {1,4}["']?[^\s%"']{1,100}%([^\s"']{1,200})/],
  [/^ldap/, / -w {1,4}["']?([^\s"']{1,200})/],
  [/^mosquitto/, / -P {1,4}["']?([^\s"']{1,200})/],
];

/** Passwords on command lines: behind flags whose name says so, and behind the letters of programs that are known. */
export const findCommands: Find = (text, found, keeps) => {
  if (!text.includes("-")) return;
  for (const { index, 0: flag, 1: long, 2: short } of text.matchAll(FLAG)) {
    const name = long ?? short ?? "";
    if (!isSecretName(name) || keeps(name)) continue;
    const [start, end] = valueAt(text, index + flag.length, "");
    found("name", start, end);
  }
  for (const { index, 0: program } of text.matchAll(PROGRAM)) {
    const rest = commandAt(text, index + program.length);
    for (const [known, flag] of FLAGS)
      if (known.test(program)) findGroup(flag, rest, index + program.length, found);
  }
  for (const { index, 0: all, 1: value = "" } of text.matchAll(OPENSSL)) {
    found("name", index + all.length - value.length, index + all.length);
  }
};

function commandAt(text: string, start: number): string {
  const rest = text.slice(start, start + LONGEST_COMMAND);
  const end = rest.search(END_OF_COMMAND);
  return end < 0 ? rest : rest.slice(0, end);
}

function findGroup(flag: Flag, rest: string, offset: number, found: Parameters<Find>[1]): void {
  const match = flag.exec(rest);
  const value = match?.slice(1).find((group) => group !== undefined);
  if (match === null || value === undefined) return;
  const at = offset + match.index + match[0].lastIndexOf(value);
  found("name", at, at + value.length);
}
