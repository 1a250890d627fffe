export type User = "admin" | "web-1" | "web-2" | "consumer";

/** See servers.mjs. */
export class Servers {
  constructor(folder: string, config?: string);
  readonly urls: string;
  readonly count: number;
  start(count: number): Promise<void>;
  settingsOf(user: User): Readonly<Record<string, string>>;
  kill(at: number, options: { awayMs: number; wiped?: boolean }): Promise<void>;
  close(): Promise<void>;
}
