import { QuernError } from './errors.js';
import { Changed } from './fetching.js';
import { sha256 } from './hash.js';
import type { Keeping } from './keeping.js';
import type { Fetching } from './line.js';
import type { Piece } from './origins.js';
import { deleteParts, partBytes, partKey, type PartStore } from './parts.js';
import { locked } from './site-data.js';

/** A file: where it is, how long, and the hash by which it is kept. */
export interface RemoteFile {
  /** Brings its bytes from where it is; without this it is in the store or nowhere. */
  readonly bring?: (wanted: Piece, fetching: Fetching) => Promise<void>;
  /** What people call it. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How a file is read. */
export interface Reading extends Fetching {
  /** Keeps what comes. */
  readonly keeping: Keeping;
  /** Is told of every further byte, and of bytes that must come once more as a negative number. */
  readonly progress?: ((bytes: number) => void) | undefined;
}

/**
 * A file, from the store as far as it is there and from its server for the rest. Each part is kept as soon as it has
 * come. The bytes that are given match the hash: a damaged copy, here or in the browser's cache, and one that was
 * replaced on its server halfway, is forgotten and the file fetched once more. Two tabs that want one file take turns:
 * the second finds what the first has fetched.
 *
 * @throws QuernError `network`, or `bundle` where the server's file is not the one that the hash means
 */
export async function readFile(store: PartStore, file: RemoteFile, reading: Reading): Promise<Uint8Array<ArrayBuffer>> {
  return locked(`quern-${file.sha256}`, { signal: reading.signal }, async () => {
    const whole = new Uint8Array(file.bytes);
    let counted = 0;
    const count = (more: number) => {
      counted += more;
      reading.progress?.(more);
    };
    let start = await readKept(store, file, whole, reading.signal, count);
    for (const cache of ['default', 'reload'] as const) {
      const other =
        start < file.bytes
          ? await fetchRest(store, file, whole, start, { ...reading, progress: count }, cache)
          : undefined;
      if (!other && (await sha256(whole)) === file.sha256) {
        return whole;
      }
      await deleteParts(store, file);
      if (cache === 'reload') {
        throw await damaged(file, whole, other);
      }
      count(-counted);
      start = 0;
    }
    throw new QuernError('internal', `${file.name} was tried too often.`);
  });
}

/** Reads the parts that are kept, up to the first that is not; how many bytes that was. */
async function readKept(
  store: PartStore,
  file: RemoteFile,
  whole: Uint8Array,
  signal: AbortSignal | undefined,
  count: (bytes: number) => void,
): Promise<number> {
  let done = 0;
  while (done < file.bytes) {
    signal?.throwIfAborted();
    const part = await store.get(partKey(file, done));
    if (part?.byteLength !== partBytes(file, done)) {
      break;
    }
    whole.set(part, done);
    done += part.byteLength;
    count(part.byteLength);
  }
  return done;
}

/** Fetches what follows the first bytes; answers in what the server's file is another, if it is. */
async function fetchRest(
  store: PartStore,
  file: RemoteFile,
  whole: Uint8Array<ArrayBuffer>,
  start: number,
  reading: Reading,
  cache: Piece['cache'],
): Promise<Changed | undefined> {
  const { bring, bytes } = file;
  if (!bring) {
    throw new QuernError(
      'bundle',
      `${file.name} is missing or damaged among the files kept on this device. Delete the model there and add it ` +
        `again.`,
    );
  }
  let kept = start;
  const take = async (piece: Uint8Array<ArrayBuffer>, at: number) => {
    whole.set(piece, at);
    reading.progress?.(piece.byteLength);
    const end = at + piece.byteLength;
    while (kept < bytes && end >= kept + partBytes(file, kept)) {
      const next = kept + partBytes(file, kept);
      await reading.keeping.put(store, partKey(file, kept), whole.slice(kept, next));
      kept = next;
    }
  };
  try {
    await bring({ start, size: bytes, cache, take }, reading);
    return undefined;
  } catch (problem) {
    if (problem instanceof Changed) {
      return problem;
    }
    throw problem;
  }
}

async function damaged(
  file: RemoteFile,
  whole: Uint8Array<ArrayBuffer>,
  other: Changed | undefined,
): Promise<QuernError> {
  return new QuernError(
    'bundle',
    other
      ? `${file.name} is another file than the manifest lists: ${other.how}. Publish the model again.`
      : `${file.name} is damaged: its SHA-256 is ${await sha256(whole)}, but the manifest says ${file.sha256}. ` +
          `Publish the model again.`,
  );
}
