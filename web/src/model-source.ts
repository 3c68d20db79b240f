import { sha256 } from './download.js';
import { QuernError } from './errors.js';

/** Files on a server are read in pieces of this size. */
const BLOCK_BYTES = 4 << 20;

/** So many pieces stay: matrices that the compiler merges lie near each other in a file, but not always side by side. */
const BLOCKS = 8;

/** Places of a local file that stand for the whole when two files are compared. */
const SAMPLES = 64;
const SAMPLE_BYTES = 4096;

/** A model file that can be read anywhere. */
export interface ModelSource {
  /** What people call it. */
  readonly name: string;
  readonly size: number;
  /**
   * Bytes of the file, as many as asked for.
   *
   * @throws QuernError in the source's own words
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** Text that is equal for equal files: by it a file is recognised that was compiled before. */
  identity(): Promise<string>;
}

/** How a model file is opened. */
export interface SourceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is told how many bytes have come of how many, where a server can send the file only as a whole. */
  readonly progress: (loaded: number, total: number) => void;
}

/**
 * Opens a model file that a person chose, or one on a server.
 *
 * @throws QuernError `network` if there is no such file or this page may not read it
 */
export async function openSource(source: Blob | URL, options: SourceOptions): Promise<ModelSource> {
  return source instanceof Blob
    ? new BlobSource(source, (source as Partial<File>).name ?? 'The file')
    : fetchSource(source, options);
}

/** A file on this machine. */
class BlobSource implements ModelSource {
  readonly name: string;
  readonly #blob: Blob;

  constructor(blob: Blob, name: string) {
    this.#blob = blob;
    this.name = name;
  }

  get size(): number {
    return this.#blob.size;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    signal?.throwIfAborted();
    try {
      return new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
    } catch (problem) {
      throw new QuernError(
        'model',
        `${this.name} cannot be read any more (${(problem as Error).message}). If it was changed or moved, choose it again.`,
        { cause: problem },
      );
    }
  }

  /** The size, and places spread over the file with the first and the last among them: to hash gigabytes would take longer than it saves. */
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
  readonly size: number;
  readonly #url: URL;
  readonly #version: string;
  readonly #head: Uint8Array<ArrayBuffer>;
  /** The latest used is the last. */
  readonly #blocks = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(url: URL, size: number, version: string, head: Uint8Array<ArrayBuffer>) {
    this.name = url.href;
    this.size = size;
    this.#url = url;
    this.#version = version;
    this.#head = head;
    this.#blocks.set(0, Promise.resolve(head));
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    signal?.throwIfAborted();
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const index = Math.floor((offset + done) / BLOCK_BYTES);
      const block = await this.#block(index, signal);
      const part = block.subarray(offset + done - index * BLOCK_BYTES).subarray(0, length - done);
      bytes.set(part, done);
      done += part.byteLength;
    }
    return bytes;
  }

  async identity(): Promise<string> {
    return `${this.#url.href} ${this.size} ${this.#version} ${await sha256(this.#head)}`;
  }

  #block(index: number, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const block = this.#blocks.get(index) ?? this.#fetch(index, signal);
    this.#keep(index, block);
    // Weights are read from the first to the last as a rule: the next block comes while this one is worked on.
    const next = index + 1;
    if (!this.#blocks.has(next) && next * BLOCK_BYTES < this.size && index > 0) {
      this.#keep(next, this.#fetch(next, signal));
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
    // Who reads the block hears of a failure; who only had it fetched ahead must not fail by it.
    block.catch(() => this.#blocks.delete(index));
  }

  async #fetch(index: number, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const start = index * BLOCK_BYTES;
    const wanted = Math.min(BLOCK_BYTES, this.size - start);
    const response = await request(this.#url, start, wanted, signal);
    if (response.status !== 206 || sizeOf(response) !== this.size || versionOf(response) !== this.#version) {
      await response.body?.cancel();
      throw new QuernError('network', `${this.name} has changed on its server meanwhile. Open it again.`);
    }
    const bytes = await bodyOf(response, this.#url, signal);
    if (bytes.byteLength !== wanted) {
      throw new QuernError(
        'network',
        `${this.name}: of ${wanted} bytes at ${start} the server sent ${bytes.byteLength}. Try again.`,
      );
    }
    return bytes;
  }
}

async function fetchSource(url: URL, options: SourceOptions): Promise<ModelSource> {
  const response = await request(url, 0, BLOCK_BYTES, options.signal);
  const size = sizeOf(response);
  if (response.status === 206 && size !== undefined) {
    const head = await bodyOf(response, url, options.signal);
    return new RangeSource(url, size, versionOf(response), head);
  }
  if (response.status === 206) {
    // The server does not let pages of other sites see how large the file is.
    await response.body?.cancel();
    return whole(await request(url, 0, undefined, options.signal), url, options);
  }
  return whole(response, url, options);
}

/** The whole file, which the browser may put on its disk. */
async function whole(response: Response, url: URL, options: SourceOptions): Promise<ModelSource> {
  const total = Number(response.headers.get('content-length') ?? 0);
  let loaded = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      loaded += piece.byteLength;
      options.progress(loaded, Math.max(loaded, total));
      controller.enqueue(piece);
    },
  });
  try {
    const blob = await new Response(response.body!.pipeThrough(counted)).blob();
    return new BlobSource(blob, url.href);
  } catch (problem) {
    throw failed(url, problem, options.signal);
  }
}

async function request(
  url: URL,
  start: number,
  bytes: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const headers = bytes === undefined ? {} : { Range: `bytes=${start}-${start + bytes - 1}` };
  const response = await fetch(url, { headers, ...(signal && { signal }) }).catch((problem: unknown) => {
    throw failed(url, problem, signal);
  });
  if (!response.ok || !response.body) {
    const empty = response.status === 416 && start === 0;
    throw new QuernError(
      empty ? 'model' : 'network',
      empty ? `${url.href} is empty.` : `${url.href} cannot be fetched: the server answered ${response.status}.`,
    );
  }
  return response;
}

async function bodyOf(
  response: Response,
  url: URL,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await response.arrayBuffer().catch((problem: unknown) => {
      throw failed(url, problem, signal);
    }),
  );
}

/** Browsers do not tell a page whether there is no such server or whether it lets no page of another site read its files. */
function failed(url: URL, problem: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) {
    return signal.reason;
  }
  const foreign =
    url.origin === location.origin
      ? ''
      : ` If ${url.host} can be reached, it does not let pages of other sites read this file (CORS): download it, and choose it here as a file.`;
  return new QuernError('network', `${url.href} cannot be fetched: ${(problem as Error).message}.${foreign}`, {
    cause: problem,
  });
}

function sizeOf(response: Response): number | undefined {
  const size = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  return size === undefined ? undefined : Number(size);
}

function versionOf(response: Response): string {
  return response.headers.get('etag') ?? response.headers.get('last-modified') ?? '';
}
