/**
 * A date and time at the beginning of a line, as programs print them: ISO 8601 and its cousins with a space,
 * slashes, commas before the fraction, zones behind. A source for patterns; it has no groups.
 */
export const TIME =
  "\\d{4}[-/]\\d\\d[-/]\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?: ?(?:Z|UTC|GMT|[+-]\\d\\d:?\\d\\d))?";
