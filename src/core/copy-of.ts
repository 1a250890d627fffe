/** The same text with memory of its own: a slice would keep the whole text that it was cut from. What is joined is copied as soon as a part of it is asked for. */
export function copyOf(text: string): string {
  return `${text} `.slice(0, -1);
}
