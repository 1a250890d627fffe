import type { HeldLine } from "./comparison.mjs";

export interface Message {
  readonly ts: string;
  readonly stream: string;
  readonly text: string;
}
export function framedMessages(body: Buffer): Iterable<Message>;
export function terminalMessages(body: Buffer): Iterable<Message>;
export function linesOf(messages: Iterable<Message>): HeldLine[];
