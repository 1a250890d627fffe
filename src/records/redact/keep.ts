import { wordsOf } from "./names.js";

/** Names of which somebody says that they hold no secrets, with all their words: `session_id` keeps `sessionId`, not `web_session_id`. */
export type Keeps = (name: string) => boolean;

/** Keeps nothing. */
export const KEEPS_NONE: Keeps = () => false;

/** What `redactKeep` says: names for all components, and for some more of them. */
export interface KeepSetting {
  readonly names: readonly string[];
  readonly components: Readonly<Record<string, readonly string[]>>;
}

/** What is kept in the lines of a component; which that is, is asked only where it matters. */
export function createKeeps({ names, components }: KeepSetting): (component: () => string) => Keeps {
  const always = keepsOf(names);
  const own = new Map(
    Object.entries(components).map(([component, more]) => [component, keepsOf([...names, ...more])]),
  );
  if (own.size === 0) return () => always;
  return (component) => own.get(component()) ?? always;
}

function keepsOf(names: readonly string[]): Keeps {
  if (names.length === 0) return KEEPS_NONE;
  const kept = new Set(names.map(spelled));
  return (name) => kept.has(spelled(name));
}

/** Names of other scripts have no words. */
function spelled(name: string): string {
  return wordsOf(name).join(" ") || name;
}
