import { QuernError } from './errors.js';
import { fetchBytes } from './fetching.js';
import { sha256 } from './hash.js';
import { JoinedSource } from './joined-source.js';
import type { Fetching } from './line.js';
import type { ModelSource } from './model-bytes.js';
import { partAddresses, partsInOrder } from './model-parts.js';

/** Files on a server are read in pieces of this size. */
const BLOCK_BYTES = 4 << 20;

/**
 * So many pieces stay: matrices that the compiler merges lie near each other in a file, but not always side by side.
 */
const BLOCKS = 8;

/** What comes of a whole file is handed to the browser in pieces of this size, which it may put on its disk. */
const BLOB_BYTES = 16 << 20;

/** Places of a local file that stand for the whole when two files are compared. */
const SAMPLES = 64;
const SAMPLE_BYTES = 4096;

/** How a model file is opened. */
export interface SourceOptions extends Fetching {
  /** Is told how many bytes have come of how many, where a server can send the file only as a whole. */
  readonly progress: (loaded: number, total: number) => void;
}

/**
 * Opens a model file that a person chose, or one on a server; of a model that was split into several, all of them.
 *
 * @throws QuernError `network` if there is no such file or this page may not read it; `model` if the files are not all
 *   those of one model
 */
export async function openSource(source: Blob | readonly Blob[] | URL, options: SourceOptions): Promise<ModelSource> {
  if (source instanceof URL) {
    const files: ModelSource[] = [];
    for (const address of partAddresses(source)) {
      files.push(await fetchSource(address.href, options));
    }
    return joined(files);
  }
  const files = partsInOrder(source instanceof Blob ? [source] : source);
  return joined(files.map((file) => new BlobSource(file, (file as Partial<File>).name ?? 'The file')));
}

function joined(files: readonly ModelSource[]): ModelSource {
  const [only] = files;
  return only && files.length === 1 ? only : new JoinedSource(files);
}

/** A file on this machine. */
class BlobSource implements ModelSource {
  readonly name: string;
  readonly address?: string;
  readonly #blob: Blob;

  constructor(blob: Blob, name: string, address?: string) {
    this.#blob = blob;
    this.name = name;
    if (address !== undefined) {
      this.address = address;
    }
  }

  get size(): number {
    return this.#blob.size;
  }

  async read(offset: number, length: number, { signal }: Fetching = {}): Promise<Uint8Array<ArrayBuffer>> {
    signal?.throwIfAborted();
    try {
      return new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
    } catch (problem) {
      throw new QuernError(
        'model',
        `${this.name} cannot be read any more (${(problem as Error).message}). If it was changed or moved, choose ` +
          `it again.`,
        { cause: problem },
      );
    }
  }

  async bring(
    start: number,
    end: number,
    _cache: 'default' | 'reload',
    take: (piece: Uint8Array<ArrayBuffer>, at: number) => Promise<void>,
    fetching: Fetching,
  ): Promise<void> {
    for (let at = start; at < end; at += BLOCK_BYTES) {
      await take(await this.read(at, Math.min(BLOCK_BYTES, end - at), fetching), at);
    }
  }

  /**
   * The size, and places spread over the file with the first and the last among them: to hash gigabytes would take
   * longer than it saves.
   */
  async identity(): Promise<string> {
    const samples = new Uint8Array(SAMPLES * SAMPLE_BYTES);
    const last = Math.max(0, this.size - SAMPLE_BYTES);
    for (let index = 0; index < SAMPLES; index++) {
      const sample = await this.read(Math.floor((last * index) / (SAMPLES - 1)), SAMPLE_BYTES);
      samples.set(sample, index * SAMPLE_BYTES);
    }
    return `${this.size} ${await sha256(samples)}`;
  }
}

/** A file on a server that sends parts of it. */
class RangeSource implements ModelSource {
  readonly name: string;
  readonly address: string;
  readonly size: number;
  readonly #version: string;
  readonly #patience: Fetching['patience'];
  readonly #head: Uint8Array<ArrayBuffer>;
  /** The latest used is the last. */
  readonly #blocks = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(
    url: string,
    size: number,
    version: string,
    patience: Fetching['patience'],
    head: Uint8Array<ArrayBuffer>,
  ) {
    this.name = url;
    this.address = url;
    this.size = size;
    this.#version = version;
    this.#patience = patience;
    this.#head = head;
    this.#blocks.set(0, Promise.resolve(head));
  }

  async read(offset: number, length: number, fetching: Fetching = {}): Promise<Uint8Array<ArrayBuffer>> {
    fetching.signal?.throwIfAborted();
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const index = Math.floor((offset + done) / BLOCK_BYTES);
      const block = await this.#block(index, fetching);
      const part = block.subarray(offset + done - index * BLOCK_BYTES).subarray(0, length - done);
      bytes.set(part, done);
      done += part.byteLength;
    }
    return bytes;
  }

  async bring(
    start: number,
    end: number,
    cache: 'default' | 'reload',
    take: (piece: Uint8Array<ArrayBuffer>, at: number) => Promise<void>,
    fetching: Fetching,
  ): Promise<void> {
    await fetchBytes(
      {
        url: this.address,
        start,
        end,
        size: this.size,
        version: this.#version,
        cache,
        advice: 'Load again: what has come is kept.',
        take,
      },
      fetching,
    );
  }

  async identity(): Promise<string> {
    return `${this.address} ${this.size} ${this.#version} ${await sha256(this.#head)}`;
  }

  #block(index: number, fetching: Fetching): Promise<Uint8Array<ArrayBuffer>> {
    const block = this.#blocks.get(index) ?? this.#fetch(index, fetching);
    this.#keep(index, block);
    // Weights are read from the first to the last as a rule: the next block comes while this one is worked on.
    const next = index + 1;
    if (!this.#blocks.has(next) && next * BLOCK_BYTES < this.size && index > 0) {
      this.#keep(next, this.#fetch(next, fetching));
    }
    return block;
  }

  #keep(index: number, block: Promise<Uint8Array<ArrayBuffer>>): void {
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= BLOCKS) {
        break;
      }
      this.#blocks.delete(oldest);
    }
    // Who reads the block hears of a failure; who only had it fetched ahead must not fail by it. It is fetched again by
    // who wants it next.
    block.catch(() => this.#blocks.delete(index));
  }

  async #fetch(index: number, fetching: Fetching): Promise<Uint8Array<ArrayBuffer>> {
    const start = index * BLOCK_BYTES;
    const block = new Uint8Array(Math.min(BLOCK_BYTES, this.size - start));
    await fetchBytes(
      {
        url: this.address,
        start,
        end: start + block.byteLength,
        size: this.size,
        version: this.#version,
        advice: 'What is packed is kept: try again to go on.',
        take: (piece, at) => block.set(piece, at - start),
      },
      { ...fetching, patience: this.#patience },
    );
    return block;
  }
}

/**
 * Asks for the first block; a server that does not know ranges sends all of the file, which the browser may put on its
 * disk.
 */
async function fetchSource(url: string, options: SourceOptions): Promise<ModelSource> {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let blobs: Blob[] = [];
  let pending = 0;
  const { size, version, whole } = await fetchBytes(
    {
      url,
      end: BLOCK_BYTES,
      orAll: true,
      advice: 'Try again.',
      take: (piece, at, of) => {
        pieces.push(piece);
        pending += piece.byteLength;
        if (pending >= BLOB_BYTES) {
          blobs.push(new Blob(pieces));
          pieces = [];
          pending = 0;
        }
        if (of.whole) {
          const loaded = at + piece.byteLength;
          options.progress(loaded, Math.max(loaded, of.size ?? 0));
        }
      },
      restart: () => {
        pieces = [];
        blobs = [];
        pending = 0;
      },
    },
    options,
  );
  const blob = new Blob([...blobs, ...pieces]);
  if (whole || size === undefined) {
    return new BlobSource(blob, url, url);
  }
  return new RangeSource(url, size, version, options.patience, new Uint8Array(await blob.arrayBuffer()));
}
