/** Where a command writes its answer: standard output, or anything that takes text. */
export interface Output {
  write(text: string): unknown;
}
