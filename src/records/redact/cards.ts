import type { Find } from "./finding.js";
import { wordsOf } from "./names.js";

/**
 * Runs of digits that can be a card's: 13 to 19 together, or in the groups that are printed on cards (4-4-4-4 and up to
 * three more, 4-6-5, 4-6-4) with the same space or dash between. Never a piece of something longer: letters, digits,
 * dots with digits, dashes beside it make it a number of another kind.
 */
const DIGITS =
  /(?<![\w+-]|\d\.)(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g;

/**
 * Who gives out cards: first digits and lengths (ISO/IEC 7812; the issuers' own tables). Visa's numbers of 13 digits are
 * no longer given out, and those of 19 are so rare that order numbers would be taken for them.
 */
const ISSUERS: readonly { readonly first: RegExp; readonly lengths: readonly number[] }[] = [
  { first: /^4/, lengths: [16] },
  { first: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { first: /^3[47]/, lengths: [15] },
  { first: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { first: /^35(?:2[89]|[3-8])/, lengths: [16, 19] },
  { first: /^(?:30[0-5]|36|3[89])/, lengths: [14, 16] },
  { first: /^62/, lengths: [16, 17, 18, 19] },
  // Cards that count in Korea alone.
  { first: /^94/, lengths: [16] },
  { first: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, lengths: [13, 15, 16, 18, 19] },
];

/** Card numbers: a known issuer, its length, and a check digit that is right (ISO/IEC 7812-1, Annex B). */
export const findCards: Find = (text, found) => {
  DIGITS.lastIndex = 0;
  for (let match = DIGITS.exec(text); match !== null; match = DIGITS.exec(text)) {
    const { index, 0: run } = match;
    if (isCard(run.replace(/[ -]/g, ""))) found("card", index, index + run.length);
    // A year may stand before the first group.
    else DIGITS.lastIndex = index + 4;
  }
};

/** Last words of names whose numbers are ids, times, durations and amounts. */
const COUNTED = new Set(
  (
    "id ids ref refs reference oid uid uuid seq sequence order orders trade trades fill fills position positions block height slot nonce offset lsn epoch " +
    "ns us ms nanos micros millis time timestamp ts date latency duration elapsed took age ttl trace span version revision hash " +
    "size bytes count total qty quantity amount volume price balance value supply wei gas lamports sats satoshi"
  ).split(" "),
);
/** Say only that what stands before them has a number. */
const NUMBERED = new Set(["number", "num", "no", "nr"]);
/** A name with one of these is a card's whatever else it says: `card_id`. */
const OF_A_CARD = /card|\bpan\b|\bcc\b|credit/;

/** Whether numbers under this name are ids, times or amounts: an exchange's `orderId` is often what a card's number looks like. */
export function isCountingName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  // `block_number`, `order_no`, but not `account_number`.
  return COUNTED.has((NUMBERED.has(last) ? words.at(-2) : last) ?? "") && !OF_A_CARD.test(words.join(" "));
}

/** The two words before a number in text, with what may stand between name and number. */
const NAME_BEFORE =
  /((?:[A-Za-z_.-][\w.-]{0,60} )?[A-Za-z_][\w.-]{0,60})["'\\]{0,3}[ \t]{0,2}[:=#/]?[ \t]{0,2}(?:["'[(]|\\"){0,2}$/;
const LONGEST_BEFORE = 140;

/** Cards' numbers, without those behind the name of something that is counted. */
export const findNamedCards: Find = (text, found, keeps) => {
  findCards(
    text,
    (kind, start, end) => {
      const name = NAME_BEFORE.exec(text.slice(Math.max(0, start - LONGEST_BEFORE), start))?.[1];
      const last = name?.slice(name.lastIndexOf(" ") + 1);
      if (name !== undefined && (isCountingName(name) || keeps(last ?? name))) return;
      found(kind, start, end);
    },
    keeps,
  );
};

function isCard(digits: string): boolean {
  const known = ISSUERS.some(({ first, lengths }) => lengths.includes(digits.length) && first.test(digits));
  // A run of one digit is a filler.
  return known && checkDigitFits(digits) && !/^(\d)\1+$/.test(digits);
}

/** Luhn's sum: from the right, every second digit counts twice. */
function checkDigitFits(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const doubled = at % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
