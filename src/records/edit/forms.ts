import { withoutColours } from "../../core/colours.js";
import { eachLeaf, type Span, stringAt } from "./walk.js";

/** What stands for no value, such as `-`, would be found all over a text: in each date, for one. */
const SAYS_NOTHING = /^(?:null|[^\p{L}\p{N}]{0,3})$/u;

const QUOTE = 34;
const OPEN_LIST = 91;
const OPEN = 123;

/** How the values at the spans may stand in another text: as JSON writes them and as they read; of an object or array, what is in it as well. */
export function formsOf(text: string, spans: readonly Span[]): Set<string> {
  const forms = new Set<string>();
  for (const { start, end } of spans) {
    if (isNested(text, start)) {
      forms.add(text.slice(start, end));
      eachLeaf(text, start, (leaf) => {
        if (!/^(?:true|false)$/.test(text.slice(leaf.start, leaf.end))) addForms(forms, text, leaf);
      });
    } else addForms(forms, text, { start, end });
  }
  for (const form of forms) if (SAYS_NOTHING.test(form)) forms.delete(form);
  return forms;
}

function addForms(forms: Set<string>, text: string, span: Span): void {
  const written = text.slice(span.start, span.end);
  if (text.charCodeAt(span.start) === QUOTE) {
    const read = stringAt(text, span);
    // A message that was read from it has no colours and no space around it.
    for (const form of [read, withoutColours(read).trim(), written.slice(1, -1)]) forms.add(form);
  } else {
    forms.add(written);
    // `7.50` is 7.5 to whoever reads it as a number.
    if (/^-?\d/.test(written)) forms.add(String(Number(written)));
  }
}

/** Whether an object or array begins there. */
export function isNested(text: string, start: number): boolean {
  const first = text.charCodeAt(start);
  return first === OPEN || first === OPEN_LIST;
}
