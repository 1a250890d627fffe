/** So many are asked before they are needed: an answer is a few short reads, which wait more than they work. */
const ASKED_AHEAD = 8;

/** Each item with its answer, in order. Those that were asked in vain are waited for when the reader leaves early. */
export async function* ahead<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): AsyncGenerator<readonly [Item, Answer]> {
  const asked: Promise<Answer>[] = [];
  try {
    for (const [at, item] of items.entries()) {
      while (asked.length < Math.min(items.length, at + ASKED_AHEAD)) asked.push(ask(items[asked.length]!));
      yield [item, await asked[at]!];
    }
  } finally {
    await Promise.allSettled(asked.slice(-ASKED_AHEAD));
  }
}
