import type { Find } from "./finding.js";
import type { Keeps } from "./keep.js";
import { secretNameOf } from "./names.js";
import { isSecretValue } from "./values.js";

/** `<db:password type="x">hunter2</…`, its CDATA too. */
const ELEMENT =
  /<(?:[\w-]{1,40}:)?([A-Za-z][\w.-]{0,99})(?: [^<>]{0,200})?>(?:<!\[CDATA\[)?([^<>\]]{1,2000})(?=<\/|\]\]>)/g;
/** Keys that hold a name, and those that hold its value, in lists of settings, variables and headers. */
export const NAME_KEYS = "name|key|header|field|variable|var|option|param|parameter|attribute|property";
export const VALUE_KEYS = "value|val";
/** `name="password" value="hunter2"` of XML; `"name": "PASSWORD", "value": "hunter2"` of JSON in text, its quotes escaped or not. */
const PAIR = new RegExp(
  `\\b(?:${NAME_KEYS})\\\\?["']?\\s{0,3}[=:]\\s{0,3}\\\\?["']([\\w.:/ -]{1,100}?)\\\\?["'],?\\s{1,3}\\\\?["']?(?:${VALUE_KEYS})\\\\?["']?\\s{0,3}[=:]\\s{0,3}\\\\?["']([^"'\\\\]{1,2000})`,
  "gi",
);
const TIGHT = new RegExp(PAIR.source.replace(",?\\s{1,3}", ","), "gi");

/** Secrets whose names stand in markup: an element's name, or an attribute or member beside the value's. */
export const findMarkup: Find = (text, found, keeps) => {
  for (const pattern of text.includes("</") ? [ELEMENT, PAIR, TIGHT] : [PAIR, TIGHT]) {
    for (const { index, 0: all, 1: name = "", 2: value = "" } of text.matchAll(pattern)) {
      if (isSecret(name, value, keeps)) found("name", index + all.length - value.length, index + all.length);
    }
  }
};

function isSecret(name: string, value: string, keeps: Keeps): boolean {
  const known = secretNameOf(name);
  return known !== undefined && !keeps(name) && isSecretValue(known, value);
}
