import { sha256 } from './hash.js';
import type { Fetching } from './line.js';
import type { ModelSource } from './model-bytes.js';

/** A model that was split into several files, as one: they lie one behind the other. */
export class JoinedSource implements ModelSource {
  readonly name: string;
  readonly size: number;
  readonly parts: readonly number[];
  readonly address?: string;
  readonly #files: readonly ModelSource[];

  constructor(files: readonly ModelSource[]) {
    const [first] = files;
    this.name = first?.name ?? '';
    if (first?.address !== undefined) {
      this.address = first.address;
    }
    this.#files = files;
    this.parts = files.map((file) => file.size);
    this.size = this.parts.reduce((sum, bytes) => sum + bytes, 0);
  }

  async read(offset: number, length: number, fetching?: Fetching): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: { readonly at: number; readonly bytes: Uint8Array<ArrayBuffer> }[] = [];
    for (const { file, from, to, start } of this.#within(offset, offset + length)) {
      pieces.push({ at: start + from - offset, bytes: await file.read(from, to - from, fetching) });
    }
    const [only] = pieces;
    if (only && pieces.length === 1) {
      return only.bytes;
    }
    const bytes = new Uint8Array(length);
    pieces.forEach((piece) => bytes.set(piece.bytes, piece.at));
    return bytes;
  }

  async bring(
    begin: number,
    end: number,
    cache: 'default' | 'reload',
    take: (piece: Uint8Array<ArrayBuffer>, at: number) => Promise<void>,
    fetching: Fetching,
  ): Promise<void> {
    for (const { file, from, to, start } of this.#within(begin, end)) {
      await file.bring(from, to, cache, (piece, at) => take(piece, start + at), fetching);
    }
  }

  async identity(): Promise<string> {
    const all = await Promise.all(this.#files.map((file) => file.identity()));
    return `${this.size} ${await sha256(new TextEncoder().encode(JSON.stringify(all)))}`;
  }

  /** The files that have bytes of a range, with the part of each, and where it starts among all. */
  *#within(begin: number, end: number): Generator<{ file: ModelSource; from: number; to: number; start: number }> {
    let start = 0;
    for (const file of this.#files) {
      const from = Math.max(0, begin - start);
      const to = Math.min(file.size, end - start);
      if (from < to) {
        yield { file, from, to, start };
      }
      start += file.size;
    }
  }
}
