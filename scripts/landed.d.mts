export interface LandedFile {
  readonly category: string;
  readonly file: string;
  readonly count: number | undefined;
  readonly unit: string;
  readonly bytes: number;
}
export function landedFiles(logDir: string, sinceMs: number): LandedFile[];
export function tableOf(files: readonly LandedFile[], limit?: number): string[];
