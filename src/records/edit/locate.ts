import { eachElement, eachMember, endOfValue, type Span, stringAt } from "./walk.js";

const OPEN_LIST = 91;
const OPEN = 123;
/** Arrays inside arrays are searched to this depth, as rules search them. */
const DEEPEST = 64;

/**
 * Where the values of a field stand in an object's text, found as native rules find it: the exact key, else the
 * dotted path, else the same under `metadata`; `data.x` means the app's own `x`. A path that meets an array goes on
 * in each element. A key that stands twice gives both places. Empty where nothing has the field.
 */
export function locateField(text: string, name: string): Span[] {
  const direct = locatePath(text, 0, name);
  if (direct.length > 0) return direct;
  const below = membersNamed(text, 0, "metadata").flatMap(({ start }) => locatePath(text, start, name));
  if (below.length > 0) return below;
  return name.startsWith("data.") ? locatePath(text, 0, name.slice("data.".length)) : [];
}

/** The values of the members of that name, of the object that begins at `open`; none where there is no object. */
export function membersNamed(text: string, open: number, name: string): Span[] {
  const found: Span[] = [];
  if (text.charCodeAt(open) !== OPEN) return found;
  eachMember(text, open, (key, start) => {
    const end = endOfValue(text, start);
    if (stringAt(text, key) === name) found.push({ start, end });
    return end;
  });
  return found;
}

function locatePath(text: string, open: number, name: string): Span[] {
  const exact = membersNamed(text, open, name);
  if (exact.length > 0) return exact;
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    if (dot === 0 || dot === name.length - 1) continue;
    const rest = name.slice(dot + 1);
    const found = membersNamed(text, open, name.slice(0, dot)).flatMap(({ start }) =>
      locateWithin(text, start, rest, 0),
    );
    if (found.length > 0) return found;
  }
  return [];
}

function locateWithin(text: string, start: number, rest: string, depth: number): Span[] {
  if (text.charCodeAt(start) !== OPEN_LIST) return locatePath(text, start, rest);
  const found: Span[] = [];
  if (depth >= DEEPEST) return found;
  eachElement(text, start, (element) => {
    found.push(...locateWithin(text, element, rest, depth + 1));
    return endOfValue(text, element);
  });
  return found;
}
