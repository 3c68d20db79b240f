import type { Progress, SlowPath } from 'quern';
import { element } from './elements.js';

/** The line below the form: what the page promises, and what is to be known of it. */
export class Footnote {
  readonly #line = element('footnote', HTMLElement);
  readonly #promise = this.#line.textContent ?? '';
  readonly #remarks: string[] = [];
  #slow: readonly SlowPath[] = [];

  /** Says something that is so as long as the page is open. */
  remark(text: string): void {
    this.#remarks.push(text);
    this.#show();
  }

  /** What makes the model that is open slow; what can be done about it stands in the panel. */
  set slow(slow: readonly SlowPath[]) {
    this.#slow = slow;
    this.#show();
  }

  /** The device was lost in the middle of a conversation, and everything is brought to another. */
  recovering({ phase, loaded, total, text }: Progress): void {
    if (phase === 'recover' && loaded === total) {
      this.#show();
    } else {
      this.#line.textContent = `One moment: ${text}.`;
    }
  }

  #show(): void {
    this.#line.textContent = [this.#promise, ...this.#remarks, ...this.#slow.map(({ message }) => message)].join(' ');
  }
}
