export interface HeldLine {
  readonly ts: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly series: string;
}
export interface Sample {
  readonly file: string;
  readonly id: string;
  readonly features: readonly number[];
  readonly label: number;
  readonly time: string;
}
export class Comparison {
  readonly findings: readonly { readonly kind: string; readonly output: string; readonly index?: number }[];
  hold(container: string, lines: readonly HeldLine[]): void;
  record(output: "raw" | "tagged", record: Readonly<Record<string, unknown>>, place: Place): void;
  row(row: readonly string[], place: Place): void;
  sample(sample: Sample): void;
  end(options: { readonly complete: boolean }): void;
}
