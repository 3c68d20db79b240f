import { note, noted } from '../../dist/site-data.js';
import { element, iconButton, make } from './elements.js';

const CROSS = 'm4 4 8 8M12 4l-8 8';

/** A panel with a heading and a button that closes it; what it shows goes into the element that is returned. */
export function framed(panelId: string, title: string): HTMLElement {
  const head = make('div', 'panel-head');
  const body = make('div', 'panel-body');
  const close = iconButton('Close', CROSS, () => {
    const opener = document.querySelector<HTMLElement>(`[aria-controls="${panelId}"]`);
    closePanels();
    opener?.focus();
  });
  head.append(make('h2', '', title), close);
  element(panelId, HTMLElement).append(head, body);
  return body;
}

/** A button that opens and closes a panel; only one is open, and Escape closes it. */
export function panel(openerId: string, panelId: string, opened: () => void = () => undefined): void {
  const opener = element(openerId, HTMLButtonElement);
  const own = element(panelId, HTMLElement);
  opener.addEventListener('click', () => {
    const opens = own.hidden;
    closePanels();
    if (opens) {
      own.hidden = false;
      opener.setAttribute('aria-expanded', 'true');
      opened();
    }
  });
  own.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      // It does not stop what is being answered as well.
      event.stopPropagation();
      closePanels();
      opener.focus();
    }
  });
}

/** Closes whichever is open. */
export function closePanels(): void {
  document.querySelectorAll('aside').forEach((each) => (each.hidden = true));
  document.querySelectorAll('[aria-expanded]').forEach((each) => each.setAttribute('aria-expanded', 'false'));
}

const KEPT = 'quern-theme';

/** The button for light and dark; what was chosen is kept. */
export function themes(): void {
  const kept = noted(KEPT);
  if (kept === 'dark' || kept === 'light') {
    document.documentElement.dataset['theme'] = kept;
  }
  element('theme', HTMLButtonElement).addEventListener('click', () => {
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const now = document.documentElement.dataset['theme'] ?? (dark ? 'dark' : 'light');
    const next = now === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = next;
    note(KEPT, next);
  });
}
