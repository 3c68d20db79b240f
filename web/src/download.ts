import { QuernError } from './errors.js';
import type { Keeping } from './keeping.js';
import type { PartStore } from './parts.js';

/** Files are fetched and kept in parts of this size, so that an interruption costs no more than one. */
export const PART_BYTES = 4 << 20;

/** A file: where it is, how long, and the hash by which it is kept. */
export interface RemoteFile {
  /** Where it is fetched; without an address it is in the store or nowhere. */
  readonly url?: string;
  /** What people call it. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How a file is read. */
export interface Reading {
  /** Whether what comes is kept; without this, it is where there is room. */
  readonly keeping?: Keeping | undefined;
  /** Is told of every further byte, and of bytes that must come once more as a negative number. */
  readonly progress?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A file, from the store as far as it is there and from its server for the rest. Each part is kept as soon as it has come. The bytes that are
 * given match the hash: a damaged copy, here or in the browser's cache, is forgotten and the file fetched once more.
 *
 * @throws QuernError `network`, or `bundle` where the server's file is not the one that the hash means
 */
export async function readFile(store: PartStore, file: RemoteFile, reading: Reading = {}): Promise<Uint8Array<ArrayBuffer>> {
  return exclusively(file.sha256, reading.signal, async () => {
    const whole = new Uint8Array(file.bytes);
    const kept = await readKept(store, file, whole, reading);
    if (kept < file.bytes) {
      await fetchRest(store, file, whole, kept, reading, 'default');
    }
    if ((await sha256(whole)) === file.sha256) {
      return whole;
    }
    await forgetParts(store, file);
    reading.progress?.(-file.bytes);
    await fetchRest(store, file, whole, 0, reading, 'reload');
    const found = await sha256(whole);
    if (found !== file.sha256) {
      await forgetParts(store, file);
      throw new QuernError(
        'bundle',
        `${file.name} is damaged: its SHA-256 is ${found}, but the manifest says ${file.sha256}. Publish the model again.`,
      );
    }
    return whole;
  });
}

/** Removes all parts of a file. Waits for a tab that reads or fetches it. */
export async function forget(store: PartStore, file: { readonly bytes: number; readonly sha256: string }): Promise<void> {
  await exclusively(file.sha256, undefined, () => forgetParts(store, file));
}

/** The SHA-256 of bytes, in hexadecimal digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexadecimal(await digest(bytes));
}

/** The SHA-256 of bytes, 32 of them. */
export async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** Bytes in hexadecimal digits. */
export function hexadecimal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function forgetParts(store: PartStore, file: { readonly bytes: number; readonly sha256: string }): Promise<void> {
  for (let offset = 0; offset < file.bytes; offset += PART_BYTES) {
    await store.delete(partKey(file, offset));
  }
}

/** Reads the parts that are kept, up to the first that is not; how many bytes that was. */
async function readKept(store: PartStore, file: RemoteFile, whole: Uint8Array, reading: Reading): Promise<number> {
  let done = 0;
  while (done < file.bytes) {
    reading.signal?.throwIfAborted();
    const part = await store.get(partKey(file, done));
    if (part?.byteLength !== partBytes(file, done)) {
      break;
    }
    whole.set(part, done);
    done += part.byteLength;
    reading.progress?.(part.byteLength);
  }
  return done;
}

async function fetchRest(
  store: PartStore,
  file: RemoteFile,
  whole: Uint8Array<ArrayBuffer>,
  start: number,
  reading: Reading,
  cache: RequestCache,
): Promise<void> {
  const response = await request(file, start, reading.signal, cache);
  // A server that does not know ranges sends the file from its beginning.
  let at = response.status === 206 ? start : 0;
  let kept = start;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((problem: unknown) => {
      throw broken(file, at, problem);
    });
    if (done) {
      break;
    }
    if (at + value.byteLength > file.bytes) {
      await reader.cancel();
      throw new QuernError('bundle', `${file.url} is longer than the ${file.bytes} bytes that the manifest says.`);
    }
    whole.set(value, at);
    reading.progress?.(Math.max(0, at + value.byteLength - Math.max(at, start)));
    at += value.byteLength;
    while (kept < file.bytes && at >= kept + partBytes(file, kept)) {
      const end = kept + partBytes(file, kept);
      await keep(store, partKey(file, kept), whole.slice(kept, end), reading.keeping).catch(async (problem: unknown) => {
        await reader.cancel();
        throw problem;
      });
      kept = end;
    }
  }
  if (at < file.bytes) {
    throw broken(file, at, undefined);
  }
}

/** Without a wish, a part that finds no room is fetched again next time. */
async function keep(store: PartStore, key: string, part: Uint8Array<ArrayBuffer>, keeping?: Keeping): Promise<void> {
  if (keeping) {
    await keeping.put(store, key, part);
  } else {
    await store.put(key, part).catch(() => undefined);
  }
}

async function request(
  file: RemoteFile,
  start: number,
  signal: AbortSignal | undefined,
  cache: RequestCache,
): Promise<Response> {
  if (file.url === undefined) {
    throw new QuernError(
      'bundle',
      `${file.name} is missing or damaged among the files kept on this device. Delete the model there and add it again.`,
    );
  }
  const ask = (from: number) =>
    fetch(file.url!, { cache, ...(signal && { signal }), ...(from > 0 && { headers: { Range: `bytes=${from}-` } }) });
  let response: Response;
  try {
    response = await ask(start);
    if (response.status === 416) {
      // The server's file is another, shorter one by now; its hash will tell.
      response = await ask(0);
    }
  } catch (problem) {
    signal?.throwIfAborted();
    throw new QuernError('network', `${file.url} cannot be fetched: ${(problem as Error).message}`, { cause: problem });
  }
  if (!response.ok || !response.body) {
    throw new QuernError('network', `${file.url} cannot be fetched: the server answered ${response.status}.`);
  }
  return response;
}

function broken(file: RemoteFile, at: number, problem: unknown): QuernError {
  return new QuernError(
    'network',
    `${file.url} broke off after ${at} of ${file.bytes} bytes. Load again: what has come is kept.`,
    { cause: problem },
  );
}

/** By what the part of a file that begins at an offset is kept. */
export function partKey(file: { readonly sha256: string }, offset: number): string {
  return `${file.sha256}.${offset / PART_BYTES}`;
}

function partBytes(file: { readonly bytes: number }, offset: number): number {
  return Math.min(PART_BYTES, file.bytes - offset);
}

/** Two tabs that want one file take turns: the second finds what the first has fetched. */
async function exclusively<T>(hash: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) {
    return work();
  }
  let result!: T;
  await navigator.locks.request(`quern-${hash}`, signal ? { signal } : {}, async () => {
    result = await work();
  });
  return result;
}
