/**
 * Where parts of files are kept between visits: in the origin's private file system, else in the Cache API, else in memory for as long as the
 * page lives. Keys are made of letters, digits, `.` and `-`. A part is written as a whole or not at all.
 */
export interface PartStore {
  /** What it is, for people. */
  readonly name: 'private file system' | 'cache' | 'memory';
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(key: string): Promise<void>;
  /** Every key with its size in bytes, in order. */
  list(): Promise<Array<{ key: string; bytes: number }>>;
}

const FOLDER = 'quern';
const MOST_TRIES = 8;

let memory: PartStore | undefined;

/** The best store that this page may use. */
export async function openPartStore(): Promise<PartStore> {
  try {
    // Where files cannot be written this way in a page, they are not in its workers either: both must find the same.
    if ('createWritable' in FileSystemFileHandle.prototype) {
      const root = await navigator.storage.getDirectory();
      return new FileSystemParts(await root.getDirectoryHandle(FOLDER, { create: true }));
    }
  } catch {
    // Private windows and old browsers: try the next.
  }
  try {
    return new CacheParts(await caches.open(FOLDER));
  } catch {
    return (memory ??= new MemoryParts());
  }
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
    // What is written becomes the file when it is closed.
    const writable = await handle.createWritable();
    try {
      await writable.write(bytes);
      await writable.close();
    } catch (problem) {
      await writable.abort().catch(() => undefined);
      await this.delete(key);
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
      // What another tab has deleted meanwhile, or put in its place, is not there, and what it is writing is empty.
      const file = handle.kind === 'file' ? await (handle as FileSystemFileHandle).getFile().catch(() => undefined) : undefined;
      if (file && file.size > 0) {
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
    await this.#cache.put(this.#url(key), new Response(bytes, { headers: { 'content-length': `${bytes.byteLength}` } }));
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

  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.#parts.get(key));
  }

  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#parts.set(key, bytes);
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.#parts.delete(key);
    return Promise.resolve();
  }

  list(): Promise<Array<{ key: string; bytes: number }>> {
    return Promise.resolve([...this.#parts].map(([key, part]) => ({ key, bytes: part.byteLength })).sort(byKey));
  }
}

/** The order of a list of parts. */
export function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
