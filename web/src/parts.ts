import { cacheNamed, privateFolder } from './site-data.js';

/** Files are fetched and kept in parts of this size, so that an interruption costs no more than one. */
export const PART_BYTES = 4 << 20;

/**
 * Where parts of files are kept between visits: in the origin's private file system, else in the Cache API, else in
 * memory for as long as the page lives. Keys are made of letters, digits, `.` and `-`. A part is written as a whole or
 * not at all.
 */
export interface PartStore {
  /** What it is, for people. */
  readonly name: 'private file system' | 'cache' | 'memory';
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(key: string): Promise<void>;
  /** Every key with its size in bytes, in order; 0 is what is being written, or was left so. */
  list(): Promise<Array<{ key: string; bytes: number }>>;
}

const FOLDER = 'quern';
const MOST_TRIES = 8;

/** How Chromium calls what is being written, beside the file whose place it takes at the end. */
const UNFINISHED = '.crswap';

/** More is not kept in memory: a large model lies on the device already, and its server has it too. */
const MOST_IN_MEMORY = 256 << 20;

let memory: PartStore | undefined;

/** The best store that this page may use. */
export async function openPartStore(): Promise<PartStore> {
  // Private windows and old browsers have less, sandboxed frames nothing.
  const folder = await privateFolder(FOLDER);
  if (folder) {
    return new FileSystemParts(folder);
  }
  const cache = await cacheNamed(FOLDER);
  return cache ? new CacheParts(cache) : (memory ??= new MemoryParts());
}

/** By what the part of a file that begins at an offset is kept. */
export function partKey(file: { readonly sha256: string }, offset: number): string {
  return `${file.sha256}.${offset / PART_BYTES}`;
}

/** The bytes of the part that begins at an offset. */
export function partBytes(file: { readonly bytes: number }, offset: number): number {
  return Math.min(PART_BYTES, file.bytes - offset);
}

/** The hash of the file that a part is of; of another key, undefined. */
export function hashOfPart(key: string): string | undefined {
  return /^([0-9a-f]{64})\.\d+$/.exec(key)?.[1];
}

/** Removes all parts of a file. */
export async function deleteParts(
  store: PartStore,
  file: { readonly bytes: number; readonly sha256: string },
): Promise<void> {
  for (let offset = 0; offset < file.bytes; offset += PART_BYTES) {
    await store.delete(partKey(file, offset));
  }
}

/** How many bytes of each file are kept, by its hash. */
export async function keptBytes(store: PartStore): Promise<Map<string, number>> {
  const kept = new Map<string, number>();
  for (const { key, bytes } of await store.list()) {
    const hash = hashOfPart(key);
    if (hash !== undefined) {
      kept.set(hash, (kept.get(hash) ?? 0) + bytes);
    }
  }
  return kept;
}

class FileSystemParts implements PartStore {
  readonly name = 'private file system';
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        const file = await (await this.#folder.getFileHandle(key)).getFile();
        // A file is there, and empty, from when another tab begins to write it until it has closed it.
        return file.size === 0 ? undefined : new Uint8Array(await file.arrayBuffer());
      } catch (problem) {
        const { name } = problem as DOMException;
        if (name === 'NotFoundError') {
          return undefined;
        }
        // Another tab has put a new file in the place of the one that was being read.
        if (name !== 'NotReadableError' || tries === MOST_TRIES) {
          throw problem;
        }
      }
    }
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const handle = await this.#folder.getFileHandle(key, { create: true });
    let writable: FileSystemWritableFileStream | undefined;
    try {
      // What is written becomes the file when it is closed.
      writable = await handle.createWritable();
      await writable.write(bytes);
      await writable.close();
    } catch (problem) {
      await writable?.abort().catch(() => undefined);
      // What was there before is there still.
      if ((await this.get(key)) === undefined) {
        await this.delete(key);
      }
      throw problem;
    }
  }

  async delete(key: string): Promise<void> {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      try {
        return await this.#folder.removeEntry(key);
      } catch (problem) {
        if ((problem as DOMException).name === 'NotFoundError') {
          return;
        }
        // Who has written it a moment ago may still hold it.
        await new Promise((resolve) => setTimeout(resolve, 25 * tries));
      }
    }
  }

  async list(): Promise<Array<{ key: string; bytes: number }>> {
    const found = [];
    for await (const handle of this.#folder.values()) {
      if (handle.kind !== 'file' || handle.name.endsWith(UNFINISHED)) {
        continue;
      }
      // What another tab has deleted meanwhile, or put in its place, is not there, and what it is writing is empty.
      const file = await (handle as FileSystemFileHandle).getFile().catch(() => undefined);
      if (file) {
        found.push({ key: handle.name, bytes: file.size });
      }
    }
    return found.sort(byKey);
  }
}

class CacheParts implements PartStore {
  readonly name = 'cache';
  readonly #cache: Cache;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const response = await this.#cache.match(this.#url(key));
    return response && new Uint8Array(await response.arrayBuffer());
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    // Without the header only reading it all would tell its size.
    await this.#cache.put(
      this.#url(key),
      new Response(bytes, { headers: { 'content-length': `${bytes.byteLength}` } }),
    );
  }

  async delete(key: string): Promise<void> {
    await this.#cache.delete(this.#url(key));
  }

  async list(): Promise<Array<{ key: string; bytes: number }>> {
    const found = [];
    for (const request of await this.#cache.keys()) {
      const key = decodeURIComponent(new URL(request.url).pathname.split('/').at(-1) ?? '');
      const response = await this.#cache.match(request);
      found.push({ key, bytes: Number(response?.headers.get('content-length') ?? 0) });
    }
    return found.sort(byKey);
  }

  #url(key: string): string {
    return new URL(`${FOLDER}-parts/${encodeURIComponent(key)}`, location.origin).href;
  }
}

class MemoryParts implements PartStore {
  readonly name = 'memory';
  readonly #parts = new Map<string, Uint8Array<ArrayBuffer>>();
  #bytes = 0;

  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.#parts.get(key));
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const more = bytes.byteLength - (this.#parts.get(key)?.byteLength ?? 0);
    if (this.#bytes + more > MOST_IN_MEMORY) {
      throw new Error(`in memory are ${Math.floor(MOST_IN_MEMORY / 1e6)} MB at most`);
    }
    this.#parts.set(key, bytes);
    this.#bytes += more;
  }

  async delete(key: string): Promise<void> {
    this.#bytes -= this.#parts.get(key)?.byteLength ?? 0;
    this.#parts.delete(key);
  }

  list(): Promise<Array<{ key: string; bytes: number }>> {
    return Promise.resolve([...this.#parts].map(([key, part]) => ({ key, bytes: part.byteLength })).sort(byKey));
  }
}

/** The order of a list of parts. */
export function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
