import { QuernError } from './errors.js';
import type { PartStore } from './parts.js';
import { keepPart } from './records.js';
import { storageEstimate } from './site-data.js';

/**
 * Whether a model's files are kept for the next visit: wherever there is room (a model without room is loaded all the
 * same, and fetched again next time), in any case (without room loading is refused), or not at all.
 */
export type Keep = 'if-possible' | 'required' | 'never';

/** Keeps what comes of a model, as long as there is room and it is wanted. */
export class Keeping {
  readonly #address: string;
  readonly #mode: Keep;
  #on: boolean;
  #warning: string | undefined;

  /** @param address by which the model is noted */
  constructor(address: string, mode: Keep = 'if-possible') {
    this.#address = address;
    this.#mode = mode;
    this.#on = mode !== 'never';
  }

  /** Whether anything is to be kept, be there room or not. */
  get wanted(): boolean {
    return this.#mode !== 'never';
  }

  /** What the person should know: that files are not kept, and why. */
  get warning(): string | undefined {
    return this.#warning;
  }

  /**
   * Asks the browser for room, before anything is fetched.
   *
   * @param missing bytes that are not kept yet
   * @throws QuernError `quota` with the numbers, where keeping is required
   */
  async ask(missing: number): Promise<void> {
    if (!this.#on || missing === 0) {
      return;
    }
    const { quota, usage } = await storageEstimate();
    if (quota === undefined || usage === undefined || missing <= quota - usage) {
      return;
    }
    this.#end(
      `${megabytes(missing)} MB more are to be kept, and the browser has room for ` +
        `${megabytes(Math.max(0, quota - usage))} MB` +
        ` (${megabytes(usage)} of ${megabytes(quota)} MB are used here).`,
    );
  }

  /** Keeps a part, or takes note that it cannot be kept. */
  async put(store: PartStore, key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.#on) {
      return;
    }
    try {
      if (!(await keepPart(store, this.#address, key, bytes))) {
        this.#on = false;
        this.#warning =
          'The model was deleted from this device meanwhile: it works, but must be fetched again at the next visit.';
      }
    } catch (problem) {
      this.full(problem);
    }
  }

  /** Takes note that the store has no more room. */
  full(problem: unknown): void {
    this.#end(`The browser keeps no more files here (${(problem as Error).message || (problem as Error).name}).`);
  }

  #end(reason: string): void {
    this.#on = false;
    if (this.#mode === 'required') {
      throw new QuernError(
        'quota',
        `${reason} Delete another model, free space on the disk, or load without keeping (keep: 'if-possible').`,
      );
    }
    this.#warning = `${reason} The model works, but must be fetched again at the next visit.`;
  }
}

/** Bytes in millions, as people read them. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
