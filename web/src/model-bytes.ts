import type { Fetching } from './line.js';

/** A model file that can be read anywhere. */
export interface ModelSource {
  /** What people call it. */
  readonly name: string;
  readonly size: number;
  /** How many bytes each of its files has, if it was split into several. */
  readonly parts?: readonly number[];
  /** Where it can be opened again, if it has an address. */
  readonly address?: string;
  /**
   * Bytes of the file, as many as asked for.
   *
   * @throws QuernError in the source's own words
   */
  read(offset: number, length: number, fetching?: Fetching): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Brings bytes in order, each once, without keeping them in memory.
   *
   * @param cache whether what the browser has kept of the server's answers may be used
   */
  bring(
    start: number,
    end: number,
    cache: 'default' | 'reload',
    take: (piece: Uint8Array<ArrayBuffer>, at: number) => Promise<void>,
    fetching: Fetching,
  ): Promise<void>;
  /** Text that is equal for equal files: by it a file is recognised that was compiled before. */
  identity(): Promise<string>;
}
