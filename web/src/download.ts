import { QuernError } from './errors.js';
import type { PartStore } from './parts.js';

/** Files are fetched and kept in parts of this size, so that an interruption costs no more than one. */
export const PART_BYTES = 4 << 20;

/** A file of a bundle: where it is, how long, and the hash by which it is kept. */
export interface RemoteFile {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A file, from the store as far as it is there and from its server for the rest. Each part is kept as soon as it has come. Whether the bytes
 * are right is for the caller to say: they do not match their hash, {@link forget} them.
 *
 * @param progress is told of every further byte
 */
export async function readFile(
  store: PartStore,
  file: RemoteFile,
  progress: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  return exclusively(file.sha256, signal, async () => {
    const whole = new Uint8Array(file.bytes);
    let done = 0;
    while (done < file.bytes) {
      const part = await store.get(partKey(file, done));
      if (!part || part.byteLength !== partBytes(file, done)) {
        break;
      }
      whole.set(part, done);
      done += part.byteLength;
      progress(part.byteLength);
    }
    if (done < file.bytes) {
      await fetchRest(store, file, whole, done, progress, signal);
    }
    return whole;
  });
}

/** Removes all parts of a file. */
export async function forget(store: PartStore, file: RemoteFile): Promise<void> {
  for (let offset = 0; offset < file.bytes; offset += PART_BYTES) {
    await store.delete(partKey(file, offset));
  }
}

async function fetchRest(
  store: PartStore,
  file: RemoteFile,
  whole: Uint8Array<ArrayBuffer>,
  start: number,
  progress: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const response = await request(file, start, signal);
  // A server that does not know ranges sends the file from its beginning.
  let at = response.status === 206 ? start : 0;
  let kept = start;
  let keeps = true;
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
    progress(Math.max(0, at + value.byteLength - Math.max(at, start)));
    at += value.byteLength;
    while (kept < file.bytes && at >= kept + partBytes(file, kept)) {
      const end = kept + partBytes(file, kept);
      keeps = keeps && (await keep(store, file, kept, whole.slice(kept, end)));
      kept = end;
    }
  }
  if (at < file.bytes) {
    throw broken(file, at, undefined);
  }
}

/** Without room the model still runs; it will be fetched again next time. */
async function keep(
  store: PartStore,
  file: RemoteFile,
  offset: number,
  part: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    await store.put(partKey(file, offset), part);
    return true;
  } catch {
    return false;
  }
}

async function request(file: RemoteFile, start: number, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(file.url, {
      ...(signal && { signal }),
      ...(start > 0 && { headers: { Range: `bytes=${start}-` } }),
    });
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

function partKey(file: RemoteFile, offset: number): string {
  return `${file.sha256}.${offset / PART_BYTES}`;
}

function partBytes(file: RemoteFile, offset: number): number {
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
