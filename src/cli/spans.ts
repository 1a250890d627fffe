interface Span {
  readonly from: string;
  to: string;
}

/** Stretches of time by name, first and last moment included; times are texts of one form. */
export class Spans {
  readonly #added = new Map<string, Span[]>();
  /** In order and apart from each other; made anew when one was added. */
  readonly #merged = new Map<string, Span[]>();

  /** Only spans of names that are expected are kept. */
  expect(name: string): void {
    if (!this.#added.has(name)) this.#added.set(name, []);
  }

  add(name: string, from: string, to: string): void {
    const spans = this.#added.get(name);
    if (spans === undefined) return;
    spans.push({ from, to });
    this.#merged.delete(name);
  }

  covers(name: string, time: string): boolean {
    const spans = this.#mergedOf(name);
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle]!.to < time) low = middle + 1;
      else high = middle;
    }
    const span = spans[low];
    return span !== undefined && span.from <= time;
  }

  #mergedOf(name: string): Span[] {
    let merged = this.#merged.get(name);
    if (merged === undefined) {
      merged = merge(this.#added.get(name) ?? []);
      this.#merged.set(name, merged);
    }
    return merged;
  }
}

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const { from, to } of spans.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1);
    if (last === undefined || last.to < from) merged.push({ from, to });
    else if (last.to < to) last.to = to;
  }
  return merged;
}
