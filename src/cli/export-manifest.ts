import { type Joined, type JoinedOutput, misfit } from "../categories/joining/joined.js";
import type { Manifest } from "../categories/manifest.js";
import type { TrainingFile } from "../reading/training-files.js";
import { readManifest } from "../search/manifests.js";
import { VERSION } from "../version.js";

/** What stands beside an exported file: the form of a sealed file's manifest, with where its samples were taken from. */
export interface ExportManifest
  extends Omit<Manifest, "format" | "features" | "rules" | "containers" | "refused">,
    Partial<Pick<Manifest, "features">> {
  readonly format: Manifest["format"] | "parquet";
  /** Of a .parquet file. */
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly rules: readonly { readonly id: string; readonly definition: string }[];
  /** Engine timestamp; earlier samples were left out. */
  readonly since: string | null;
  readonly split: { readonly part: "train" | "test"; readonly share: number } | null;
  readonly files: readonly { readonly file: string; readonly samples: number }[];
}

interface ExportedFile {
  readonly dataset: string;
  readonly file: string;
  readonly format: ExportManifest["format"];
  readonly since: string | undefined;
  readonly split: ExportManifest["split"];
  readonly output: JoinedOutput;
  readonly joined: Joined;
  readonly sources: SourceSummary;
}

export function exportManifest(exported: ExportedFile): ExportManifest {
  const { dataset, file, format, since, split, output, joined, sources } = exported;
  const { count, bytes, sha256, content } = output;
  return {
    manifest: 1,
    dataset,
    file,
    format,
    bytes,
    sha256,
    samples: count.samples,
    first: count.first,
    last: count.last,
    ...(sources.features === undefined ? {} : { features: sources.features }),
    ...content,
    ...(joined.classes === undefined ? {} : { classes: joined.classes }),
    ...(joined.hasLabels ? { labels: count.labels.toJSON() } : {}),
    rules: sources.rules,
    since: since ?? null,
    split,
    files: joined.used.map(({ source, samples }) => ({ file: source.name, samples })),
    sidecar: VERSION,
  };
}

/** What the manifests of the joined files say together. */
interface SourceSummary {
  /** Undefined where one has no manifest. */
  readonly features: Manifest["features"] | undefined;
  readonly rules: ExportManifest["rules"];
}

/** @throws SidecarError EXPORT_FAILED for two files whose columns of `features` stand for different things: only manifests tell. */
export async function summarize(logDir: string, files: readonly TrainingFile[]): Promise<SourceSummary> {
  const known: KnownFeatures[] = [];
  const rules = new Map<string, { id: string; definition: string }>();
  for (const file of files) {
    const manifest = await readManifest(logDir, file);
    const features = Array.isArray(manifest?.features) ? manifest.features : undefined;
    if (features !== undefined) known.push({ name: file.path, features });
    for (const { id, definition } of Array.isArray(manifest?.rules) ? manifest.rules : [])
      rules.set(`${id} ${definition}`, { id, definition });
  }
  const [first] = known;
  for (const next of known) mustBeAlike(first!, next);
  return {
    features: known.length === files.length ? first?.features : undefined,
    rules: [...rules.values()],
  };
}

interface KnownFeatures {
  readonly name: string;
  readonly features: Manifest["features"];
}

function mustBeAlike(first: KnownFeatures, next: KnownFeatures): void {
  const [a, b] = [columnsText(first.features), columnsText(next.features)];
  if (a !== b) throw misfit(first, next, `the columns of features are ${a} in the first, ${b} in the second`);
}

function columnsText(features: Manifest["features"]): string {
  return features
    .map(({ name, columns }) => (columns === null || columns === 1 ? name : `${name}[${columns}]`))
    .join(", ");
}
