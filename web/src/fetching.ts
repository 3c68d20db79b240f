import { QuernError } from './errors.js';
import { type Fetching, type Line, persistently } from './line.js';

/** A piece of a file on a server, and who takes it. */
export interface Wanted {
  readonly url: string;
  /** Its first byte; 0 unless told. */
  readonly start?: number;
  /** Behind its last byte; without it, all of the file from there on. */
  readonly end?: number;
  /**
   * Whether all of the file is taken where the server sends it as a whole only, or hides from this page how large it
   * is.
   */
  readonly orAll?: boolean;
  /** What is known of the file: an answer that says otherwise is about another. */
  readonly size?: number;
  readonly version?: string;
  readonly cache?: RequestCache;
  /** What people can do where it fails in the end, and what becomes of the bytes that have come. */
  readonly advice?: string;
  /** Is given bytes in order, each once; `at` is their place in the file. */
  take(piece: Uint8Array<ArrayBuffer>, at: number, of: FileFacts): void | Promise<void>;
  /**
   * What was given so far may be of another file: it is given once more from the first byte on. Without this it is
   * assumed to be the same where the server names no version.
   */
  restart?(): void;
}

/** What answers have told about a file. */
export interface FileFacts {
  readonly size: number | undefined;
  /** What the server calls this version, by `ETag` or `Last-Modified`; empty if it does not. */
  readonly version: string;
  /** Whether the server sent all of it. */
  readonly whole: boolean;
}

/** The file on the server is another than the one that was begun. */
export class Changed extends QuernError {
  /** In what it is another. */
  readonly how: string;

  constructor(url: string, how: string) {
    super('network', `${url} has changed on its server meanwhile (${how}). Open it again.`);
    this.how = how;
  }
}

/**
 * Fetches a piece of a file. Where the connection stalls or breaks off, or the server is busy, it goes on with the byte
 * that is missing. The version that each answer names is compared here and not by the server (`If-Range`): for that
 * header, browsers ask servers of other sites for a permission which hardly any gives.
 *
 * @throws Changed if the file was replaced on its server meanwhile
 * @throws QuernError `network` if it cannot be had, in words
 */
export async function fetchBytes(wanted: Wanted, fetching: Fetching): Promise<FileFacts> {
  const { url, start = 0, take } = wanted;
  let { end } = wanted;
  let facts: { size: number | undefined; version: string | undefined } = { size: wanted.size, version: wanted.version };
  let at = start;
  let whole = end === undefined && start === 0;
  const told = () => ({ size: facts.size, version: facts.version ?? '', whole });
  let { cache } = wanted;
  const attempt = async (line: Line): Promise<FileFacts> => {
    let response = await line.ask(request(at, end, facts.size, cache));
    // A browser that has kept the first part tells that part's version of what follows, whatever the server says.
    cache = 'no-store';
    if (response.status === 416) {
      throw at === 0 ? new QuernError('model', `${url} is empty.`) : new Changed(url, `it ends before byte ${at}`);
    }
    let found = factsOf(response, at, url);
    if (wanted.orAll && !whole && (response.status === 200 || found.size === undefined)) {
      whole = true;
      end = undefined;
      if (response.status !== 200) {
        void response.body?.cancel().catch(() => undefined);
        response = await line.ask(request(0, undefined, undefined, cache));
        found = factsOf(response, 0, url);
      }
    }
    compare(facts, found, url);
    facts = { size: found.size ?? facts.size, version: found.version };
    let place = response.status === 206 ? at : 0;
    if (place < at && found.version === '' && wanted.restart) {
      wanted.restart();
      at = 0;
    }
    const last = end === undefined ? facts.size : Math.min(end, facts.size ?? end);
    for await (const piece of line.pieces(response)) {
      const had = Math.max(0, at - place);
      place += piece.byteLength;
      if (had >= piece.byteLength) {
        continue;
      }
      if (last !== undefined && place > last) {
        if (last === wanted.size) {
          throw new Changed(url, `it is longer than ${last} bytes`);
        }
        const more = piece.subarray(had, piece.byteLength - (place - last));
        place = last;
        if (more.byteLength > 0) {
          line.advance();
          await take(more, at, told());
          at += more.byteLength;
        }
        break;
      }
      line.advance();
      await take(piece.subarray(had), at, told());
      at = place;
    }
    if (last !== undefined && at < last) {
      throw line.broken();
    }
    return told();
  };
  return persistently(url, fetching, attempt, (reason) => {
    const advice = wanted.advice ?? 'Try again.';
    const size = end ?? facts.size;
    return at > start
      ? `${url} broke off after ${at} of ${size ?? 'unknown'} bytes: ${reason}. ${advice}`
      : `${url} cannot be fetched: ${reason}. ${advice}`;
  });
}

/** A small file as a whole. */
export async function fetchWhole(
  url: string,
  fetching: Fetching,
  cache: RequestCache = 'default',
): Promise<Uint8Array<ArrayBuffer>> {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  await fetchBytes({ url, cache, take: (piece) => void pieces.push(piece), restart: () => (pieces = []) }, fetching);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/**
 * A file of this package's own, which lies beside its scripts.
 *
 * @throws QuernError that says so where a bundler has moved the scripts alone
 */
export async function fetchOwn(url: string, fetching: Fetching): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await fetchWhole(url, fetching).catch((problem: unknown) => {
    if (problem instanceof QuernError && problem.kind === 'network') {
      throw new QuernError(
        'network',
        `${problem.message} It belongs to the package quern and lies beside its scripts. If a development server ` +
          `has moved these, have it ` +
          "leave the package as it is (in Vite: optimizeDeps: { exclude: ['quern'] }).",
        { cause: problem },
      );
    }
    throw problem;
  });
  return bytes;
}

function request(
  at: number,
  end: number | undefined,
  size: number | undefined,
  cache: RequestCache = 'default',
): RequestInit {
  if (at === 0 && end === size) {
    return { cache };
  }
  // Servers that know few forms of ranges know the open one.
  const last = end === undefined || end === size ? '' : end - 1;
  return { cache, headers: { Range: `bytes=${at}-${last}` } };
}

/** What an answer tells. A server may hide from pages of other sites which bytes it sends, and of how many. */
function factsOf(response: Response, at: number, url: string): { size: number | undefined; version: string } {
  const { headers, status } = response;
  const version = headers.get('etag') ?? headers.get('last-modified') ?? '';
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
    if (range && Number(range[1]) !== at) {
      throw new QuernError(
        'network',
        `${url} cannot be fetched: asked for the bytes from ${at} on, the server sent those from ${range[1]} on.`,
      );
    }
    return { size: range && range[2] !== '*' ? Number(range[2]) : undefined, version };
  }
  // The length is that of what was sent; servers of other sites hide whether that was compressed.
  const length = headers.get('content-encoding') || response.type === 'cors' ? null : headers.get('content-length');
  return { size: length === null ? undefined : Number(length), version };
}

function compare(
  known: { readonly size: number | undefined; readonly version: string | undefined },
  found: { readonly size: number | undefined; readonly version: string },
  url: string,
): void {
  if (known.size !== undefined && found.size !== undefined && known.size !== found.size) {
    throw new Changed(url, `it has ${found.size} bytes, not ${known.size}`);
  }
  if (known.version !== undefined && known.version !== found.version) {
    throw new Changed(url, 'the server names another version');
  }
}
