import type { Container } from "../core/container.js";

const MOST_CONTEXTS = 10_000;

/** Numbers what plans belong to: a container, a stream and a date. */
export class Contexts {
  readonly #numbers = new Map<Container, Map<string, number>>();
  #count = 0;

  /** Containers come and go: it is time to begin anew. */
  get isFull(): boolean {
    return this.#count >= MOST_CONTEXTS;
  }

  numberOf(container: Container, stream: string, date: string): number {
    let numbers = this.#numbers.get(container);
    if (numbers === undefined) {
      numbers = new Map();
      this.#numbers.set(container, numbers);
    }
    const key = `${stream} ${date}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = this.#count++;
      numbers.set(key, number);
    }
    return number;
  }
}
