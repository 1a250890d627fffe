export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}
export function readTally(file: string, status: number): Tally;
export function addTallies(tallies: readonly Tally[]): Tally;
export function summaryLine(tally: Tally): string;
export function leftOutWithoutNote(file: string, notes: readonly { text: string; file?: string }[]): string[];
