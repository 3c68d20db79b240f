/**
 * An asynchronous sequence that is filled from elsewhere, for one reader. Who stops reading early is told to the
 * source.
 */
export class Stream<T> implements AsyncIterable<T> {
  readonly #left: () => void;
  readonly #waiting: T[] = [];
  #ended = false;
  #failure: { readonly problem: unknown } | undefined;
  #wake: () => void = () => undefined;

  /** @param left called when the reader leaves before the end */
  constructor(left: () => void) {
    this.#left = left;
  }

  give(item: T): void {
    this.#waiting.push(item);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  fail(problem: unknown): void {
    this.#failure = { problem };
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    try {
      for (;;) {
        const item = this.#waiting.shift();
        if (item !== undefined) {
          yield item;
        } else if (this.#failure) {
          throw this.#failure.problem;
        } else if (this.#ended) {
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      if (!this.#ended) {
        this.#left();
      }
    }
  }
}
