/** Names that every plain object seems to have: they count only as own keys. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Arrays inside arrays are searched to this depth. */
const DEEPEST = 64;

/**
 * Getter of a field of a JSON object: the exact key first, then the dotted path, in which a key may hold dots
 * itself (`user.mobile.phone` finds `{user: {"mobile.phone": 1}}`). A path that meets an array goes on in each
 * element and gives an array of what was found. Undefined where nothing has the field.
 */
export function fieldPath(name: string): (data: unknown) => unknown {
  const own = ownKey(name);
  const splits: { head: (data: object) => unknown; rest: (data: unknown) => unknown }[] = [];
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    if (dot === 0 || dot === name.length - 1) continue;
    splits.push({ head: ownKey(name.slice(0, dot)), rest: elementwise(lazyPath(name.slice(dot + 1))) });
  }
  return (data) => {
    if (typeof data !== "object" || data === null) return undefined;
    const exact = own(data);
    if (exact !== undefined || splits.length === 0) return exact;
    for (let at = 0; at < splits.length; at++) {
      const split = splits[at]!;
      const child = split.head(data);
      if (typeof child !== "object" || child === null) continue;
      const found = split.rest(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** The field of one object, resolved as `fieldPath` does; for places that are not hot. */
export function lookup(data: unknown, name: string): unknown {
  return fieldPath(name)(data);
}

/** The top-level keys under which `fieldPath(name)` can find something: `a`, `a.b` and `a.b.c` for `a.b.c`. */
export function headsOf(name: string): string[] {
  const heads: string[] = [];
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    if (dot > 0) heads.push(name.slice(0, dot));
  }
  heads.push(name);
  return heads;
}

/** Every scalar of a JSON value, arrays and objects walked to any depth; null is left out. For keywords. */
export function scalarsOf(data: unknown): (string | number | boolean)[] {
  const found: (string | number | boolean)[] = [];
  const waiting: unknown[] = [data];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      found.push(value);
    } else if (typeof value === "object" && value !== null) {
      const inner = Array.isArray(value) ? value : Object.values(value);
      for (let at = inner.length - 1; at >= 0; at--) waiting.push(inner[at]);
    }
  }
  return found;
}

function ownKey(key: string): (data: object) => unknown {
  if (INHERITED.has(key)) {
    return (data) => (Object.hasOwn(data, key) ? (data as Record<string, unknown>)[key] : undefined);
  }
  // JSON objects inherit nothing else, so the plain read is as safe and several times faster.
  return (data) => (Array.isArray(data) ? undefined : (data as Record<string, unknown>)[key]);
}

/** The getter of a path's rest, made when first needed: names with many dots have many ways to be split. */
function lazyPath(name: string): (data: unknown) => unknown {
  let path: ((data: unknown) => unknown) | undefined;
  return (data) => {
    path ??= fieldPath(name);
    return path(data);
  };
}

function elementwise(path: (data: unknown) => unknown): (data: unknown) => unknown {
  const descend = (data: unknown, depth: number): unknown => {
    if (!Array.isArray(data)) return path(data);
    if (depth >= DEEPEST) return undefined;
    const found: unknown[] = [];
    for (const element of data) {
      const value = descend(element, depth + 1);
      if (value !== undefined) found.push(value);
    }
    return found.length > 0 ? found : undefined;
  };
  return (data) => descend(data, 0);
}
