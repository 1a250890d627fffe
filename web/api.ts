import type { ErrorAnswer } from "../src/http/errors.js";
import type { StoredEntry } from "./types.js";

const TOKEN_KEY = "log-sidecar-token";

/** What an answer says that is none, for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly remedy: string;

  constructor(status: number, { message, remedy }: Pick<ErrorAnswer, "message" | "remedy">) {
    super(message);
    this.status = status;
    this.remedy = remedy;
  }
}

/** Kept for this tab only. */
export function setToken(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token);
}

type Asked = Readonly<Record<string, string | number | undefined>>;

/** The address of an answer, for links that download it. */
export function pathOf(path: string, asked: Asked = {}): string {
  const said = Object.entries(asked).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  return `api/${path}${text === "" ? "" : `?${text}`}`;
}

/** @throws ApiError; TypeError when nobody answers. */
export async function getJson<T>(path: string, asked: Asked = {}, signal?: AbortSignal): Promise<T> {
  return (await (await request(pathOf(path, asked), signal === undefined ? {} : { signal })).json()) as T;
}

/** Prometheus' text. @throws ApiError; TypeError when nobody answers. */
export async function getMetrics(signal: AbortSignal): Promise<string> {
  return (await request("metrics", { signal })).text();
}

/** @throws ApiError; TypeError when nobody answers. */
export async function postJson<T>(path: string, body: object): Promise<T> {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return (await (await request(pathOf(path), init)).json()) as T;
}

/** Downloads an answer: a link could not show the token. */
export async function download(path: string, name: string): Promise<void> {
  const blob = await (await request(path)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** What a search finds, as it is found. */
export async function* searchEntries(asked: Asked, signal: AbortSignal): AsyncGenerator<StoredEntry> {
  for await (const line of linesOf(await request(pathOf("search", asked), { signal }))) {
    if (line === "") continue;
    const entry = JSON.parse(line) as StoredEntry | { readonly error: ErrorAnswer };
    if ("error" in entry) throw new ApiError(500, entry.error);
    yield entry;
  }
}

export type LiveEvent =
  | { readonly kind: "entry"; readonly entry: StoredEntry }
  | { readonly kind: "missed"; readonly count: number };

/** Live records until `signal` or the sidecar ends it (server-sent events, read by hand: EventSource can't show a token). */
export async function* liveEvents(asked: Asked, signal: AbortSignal): AsyncGenerator<LiveEvent> {
  let event = "";
  for await (const line of linesOf(await request(pathOf("tail", asked), { signal }))) {
    if (line.startsWith("event: ")) event = line.slice(7);
    else if (!line.startsWith("data: ")) continue;
    else if (event === "missed") yield { kind: "missed", count: Number(line.slice(6)) };
    else yield { kind: "entry", entry: JSON.parse(line.slice(6)) as StoredEntry };
  }
}

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const token = sessionStorage.getItem(TOKEN_KEY);
  const headers = new Headers(init.headers);
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const response = await fetch(path, { ...init, headers });
  if (response.ok) return response;
  const said = (await response.json().catch(() => ({}))) as Partial<ErrorAnswer>;
  throw new ApiError(response.status, {
    message: said.message ?? `The sidecar answered ${response.status}.`,
    remedy: said.remedy ?? "",
  });
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop()!;
      yield* lines;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
