import { QuernError } from './errors.js';
import { Changed } from './fetching.js';
import type { Fetching } from './line.js';
import type { ModelSource } from './model-bytes.js';
import type { Origin, Piece } from './origins.js';

const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const LOCAL_BYTES = 30;
const ENTRY_BYTES = 46;
const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR64_BYTES = 20;

/** What a short field holds where the value stands in a long one. */
const ELSEWHERE = 0xffff_ffff;

/** A comment at the end of a zip may be so long. */
const MOST_COMMENT = 0xffff;

/** Files up to this size are read with what lies beside them in the zip. */
const SMALL_BYTES = 1 << 20;

interface Entry {
  readonly method: number;
  readonly bytes: number;
  readonly header: number;
}

/** Whether bytes are the first of a zip. */
export function beginsZip(head: Uint8Array): boolean {
  return head.byteLength >= 4 && [LOCAL, END].includes(view(head).getUint32(0, true));
}

/** A bundle in a zip whose files are stored, not compressed: each is read where it lies. */
export class ZipOrigin implements Origin {
  readonly #name: string;
  readonly #open: (fetching: Fetching) => Promise<ModelSource>;
  #opened: Promise<{ readonly source: ModelSource; readonly entries: Map<string, Entry> }> | undefined;

  /** @param open gives the zip, once something in it is wanted */
  constructor(name: string, open: (fetching: Fetching) => Promise<ModelSource>) {
    this.#name = name;
    this.#open = open;
  }

  nameOf(file: string): string {
    return `${file} in ${this.#name}`;
  }

  async whole(file: string, fetching: Fetching): Promise<Uint8Array<ArrayBuffer>> {
    const { source } = await this.#zip(fetching);
    const { start, bytes } = await this.#place(file, fetching);
    return source.read(start, bytes, fetching);
  }

  async bring(file: string, { start, size, cache, take }: Piece, fetching: Fetching): Promise<void> {
    const { source } = await this.#zip(fetching);
    const place = await this.#place(file, fetching);
    if (place.bytes !== size) {
      throw new Changed(this.nameOf(file), `it has ${place.bytes} bytes, not ${size}`);
    }
    const at = place.start;
    if (size <= SMALL_BYTES && cache === 'default') {
      await take(await source.read(at + start, size - start, fetching), start);
    } else {
      await source.bring(at + start, at + size, cache, (piece, offset) => take(piece, offset - at), fetching);
    }
  }

  /** Where the bytes of a file begin: behind a header of its own, which may be longer than the directory tells. */
  async #place(file: string, fetching: Fetching): Promise<{ readonly start: number; readonly bytes: number }> {
    const { source, entries } = await this.#zip(fetching);
    const entry = entries.get(file);
    if (!entry) {
      throw new QuernError('bundle', `${this.#name} has no ${file}: it is a zip, but no bundle of Quern's.`);
    }
    if (entry.method !== 0) {
      throw new QuernError(
        'bundle',
        `${this.nameOf(file)} is compressed (method ${entry.method}), and only stored files can be read from ` +
          `where they lie. ` +
          'Zip it again without compression (zip -0), or have quern compile write it with -o NAME.quern.',
      );
    }
    const header = await this.#read(source, entry.header, LOCAL_BYTES, fetching);
    if (header.getUint32(0, true) !== LOCAL) {
      throw this.#damaged(`${file} does not begin at ${entry.header}`);
    }
    const start = entry.header + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
    if (start + entry.bytes > source.size) {
      throw this.#damaged(`${file} ends behind the last byte`);
    }
    return { start, bytes: entry.bytes };
  }

  #zip(fetching: Fetching): Promise<{ readonly source: ModelSource; readonly entries: Map<string, Entry> }> {
    this.#opened ??= this.#directory(fetching).catch((problem: unknown) => {
      this.#opened = undefined;
      throw problem;
    });
    return this.#opened;
  }

  async #directory(
    fetching: Fetching,
  ): Promise<{ readonly source: ModelSource; readonly entries: Map<string, Entry> }> {
    const source = await this.#open(fetching);
    const { start, bytes, count } = await this.#end(source, fetching);
    if (start + bytes > source.size) {
      throw this.#damaged('its directory ends behind the last byte');
    }
    const directory = await this.#read(source, start, bytes, fetching);
    const entries = new Map<string, Entry>();
    let at = 0;
    for (let index = 0; index < count; index++) {
      if (at + ENTRY_BYTES > bytes || directory.getUint32(at, true) !== ENTRY) {
        throw this.#damaged(`its directory ends after ${index} of ${count} files`);
      }
      const [name, extra, comment] = [28, 30, 32].map((field) => directory.getUint16(at + field, true)) as [
        number,
        number,
        number,
      ];
      const end = at + ENTRY_BYTES + name + extra + comment;
      if (end > bytes) {
        throw this.#damaged(`its directory ends after ${index} of ${count} files`);
      }
      const letters = new Uint8Array(directory.buffer, directory.byteOffset + at + ENTRY_BYTES, name);
      entries.set(new TextDecoder().decode(letters), entryOf(directory, at, at + ENTRY_BYTES + name, extra));
      at = end;
    }
    return { source, entries };
  }

  /** Where the directory lies, which stands at the end. */
  async #end(source: ModelSource, fetching: Fetching): Promise<{ start: number; bytes: number; count: number }> {
    const length = Math.min(source.size, END_BYTES + MOST_COMMENT);
    const tail = await this.#read(source, source.size - length, length, fetching);
    let at = length - END_BYTES;
    while (at >= 0 && tail.getUint32(at, true) !== END) {
      at--;
    }
    if (at < 0) {
      throw this.#damaged('it has no directory at its end');
    }
    const short = {
      start: tail.getUint32(at + 16, true),
      bytes: tail.getUint32(at + 12, true),
      count: tail.getUint16(at + 10, true),
    };
    const locator = at - LOCATOR64_BYTES;
    if (locator < 0 || tail.getUint32(locator, true) !== LOCATOR64) {
      return short;
    }
    const place = Number(tail.getBigUint64(locator + 8, true));
    const long =
      place + END64_BYTES <= source.size ? await this.#read(source, place, END64_BYTES, fetching) : undefined;
    if (long?.getUint32(0, true) !== END64) {
      throw this.#damaged('the long form of its end is not where it should be');
    }
    const field = (offset: number) => Number(long.getBigUint64(offset, true));
    return { start: field(48), bytes: field(40), count: field(32) };
  }

  async #read(source: ModelSource, offset: number, length: number, fetching: Fetching): Promise<DataView> {
    return view(await source.read(offset, length, fetching));
  }

  #damaged(how: string): QuernError {
    return new QuernError(
      'bundle',
      `${this.#name} is a damaged zip: ${how}. It may have been cut short: fetch or copy it again.`,
    );
  }
}

/** What the directory says of a file; long values stand behind its name. */
function entryOf(directory: DataView, at: number, extra: number, extraBytes: number): Entry {
  const method = directory.getUint16(at + 10, true);
  const packed = directory.getUint32(at + 20, true);
  let bytes = directory.getUint32(at + 24, true);
  let header = directory.getUint32(at + 42, true);
  for (let field = extra; field + 4 <= extra + extraBytes; field += 4 + directory.getUint16(field + 2, true)) {
    if (directory.getUint16(field, true) !== 1) {
      continue;
    }
    // Only what did not fit stands here, in this order.
    let place = field + 4;
    const long = (short: number) => {
      if (short !== ELSEWHERE || place + 8 > directory.byteLength) {
        return short;
      }
      place += 8;
      return Number(directory.getBigUint64(place - 8, true));
    };
    bytes = long(bytes);
    long(packed);
    header = long(header);
  }
  return { method, bytes, header };
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
