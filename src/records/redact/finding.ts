import type { Keeps } from "./keep.js";

/** Kinds of secrets, as they are counted. Shown in docs/SECRETS.md. */
export const KINDS = {
  name: "the value of a well-known name",
  url: "the password in an address",
  "private-key": "a private key in PEM form",
  jwt: "a JSON Web Token",
  bearer: "credentials behind `Bearer` or `Basic`",
  "service-key": "a key of a service, known by its form",
  card: "a card number",
} as const;

export type Kind = keyof typeof KINDS;

/** Told of each secret: the stretch of the text that has to go. */
export type Found = (kind: Kind, start: number, end: number) => void;

/**
 * Finds the secrets of one kind in a text. Takes time linear in the text, whatever it is: a search that failed in a run
 * of letters never begins again inside the same run. What stands under a name that is kept is none, as far as its name says so.
 */
export type Find = (text: string, found: Found, keeps: Keeps) => void;
