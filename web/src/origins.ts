import { fetchBytes, fetchWhole } from './fetching.js';
import type { Fetching } from './line.js';

/** Where a bundle's files come from when they are not kept here. */
export interface Origin {
  /** What people call a file there. */
  nameOf(file: string): string;
  /** A small file as a whole, as it is there now. */
  whole(file: string, fetching: Fetching): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Brings the bytes of a file, in order and each once.
   *
   * @throws Changed if it is another file than the one that is asked for
   */
  bring(file: string, wanted: Piece, fetching: Fetching): Promise<void>;
}

/** The bytes of a file that are wanted, and who takes them. */
export interface Piece {
  /** The first of them, and the size of the file: from there on all are wanted. */
  readonly start: number;
  readonly size: number;
  /** What the browser has kept of the server's answers may be used, or must not be. */
  readonly cache: 'default' | 'reload';
  take(piece: Uint8Array<ArrayBuffer>, at: number): Promise<void>;
}

/** A folder on a server. */
export class ServerFolder implements Origin {
  readonly #base: URL;

  constructor(base: URL) {
    this.#base = base;
  }

  nameOf(file: string): string {
    return new URL(file, this.#base).href;
  }

  whole(file: string, fetching: Fetching): Promise<Uint8Array<ArrayBuffer>> {
    return fetchWhole(this.nameOf(file), fetching, 'no-cache');
  }

  async bring(file: string, { start, size, cache, take }: Piece, fetching: Fetching): Promise<void> {
    const wanted = {
      url: this.nameOf(file),
      start,
      end: size,
      size,
      cache,
      take,
      advice: 'Load again: what has come is kept.',
    };
    await fetchBytes(wanted, fetching);
  }
}
