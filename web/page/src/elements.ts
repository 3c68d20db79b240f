/** The element with that id; a page without it is broken. */
export function element<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`the page has no ${id}`);
  }
  return found;
}

/** A new element with text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** A button that does something. */
export function button(text: string, work: () => void, className = ''): HTMLButtonElement {
  const made = make('button', className, text);
  made.type = 'button';
  made.addEventListener('click', work);
  return made;
}

/** Bytes as people read them. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

/** A count as people read it. */
export function count(number: number): string {
  return number >= 999_500_000
    ? `${(number / 1e9).toFixed(1)} billion`
    : number >= 999_500
      ? `${(number / 1e6).toFixed(0)} million`
      : number.toLocaleString('en');
}

/** What went wrong, in a sentence. */
export function sentence(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
