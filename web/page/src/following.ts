/** So near the end what is written is followed. */
const NEAR_END = 80;

/** A log that shows its end while it grows, unless the person reads further up. */
export class Following {
  readonly #scroll: HTMLElement;

  constructor(scroll: HTMLElement) {
    this.#scroll = scroll;
  }

  /** Shows the end. */
  toEnd(): void {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  /** Adds something; where the end was seen it is seen afterwards. */
  while(work: () => void): void {
    const follows = this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight < NEAR_END;
    work();
    if (follows) {
      this.toEnd();
    }
  }
}
