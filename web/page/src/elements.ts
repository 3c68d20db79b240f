export const SVG = 'http://www.w3.org/2000/svg';

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

/** A button with a drawing, which its name is read for. */
export function iconButton(name: string, path: string, work: () => void, className = ''): HTMLButtonElement {
  const made = button('', work, className);
  made.setAttribute('aria-label', name);
  made.title = name;
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('viewBox', '0 0 16 16');
  drawing.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  drawing.append(line);
  made.append(drawing);
  return made;
}

/** Copies a text; the button that was pressed for it says what came of it. */
export function copying(pressed: HTMLButtonElement, text: string): void {
  const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
  copied.then(
    () => (pressed.textContent = 'Copied'),
    () => (pressed.textContent = 'This browser lets the page copy nothing'),
  );
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
