import { digest, hexadecimal, PART_BYTES, partKey } from './download.js';
import { QuernError } from './errors.js';
import { Keeping, type Keep } from './keeping.js';
import { byKey, type PartStore } from './parts.js';

const MANIFEST = 'manifest.json';
const WITHOUT_ROOM = 'The browser has no room for this model. It is not kept here, and must be compiled again at the next visit.';

/**
 * The files of a bundle while they are compiled: each is put together, hashed, and kept in parts as if it had been fetched. What finds no room in
 * the store stays in memory, all of it: half a bundle is of no use to the next visit.
 */
export class CompiledFiles implements PartStore {
  readonly #store: PartStore;
  readonly #keep: Keep;
  readonly #memory = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Parts that were not in the store before. */
  readonly #added = new Set<string>();
  #known = new Set<string>();
  #inMemory: boolean;
  #warning: string | undefined;
  #name = '';
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;
  #manifest: Uint8Array<ArrayBuffer> | undefined;

  constructor(store: PartStore, keep: Keep) {
    this.#store = store;
    this.#keep = keep;
    this.#inMemory = keep === 'never';
  }

  get name(): PartStore['name'] {
    return this.#inMemory ? 'memory' : this.#store.name;
  }

  /** Whether nothing of this will be there at the next visit. */
  get inMemory(): boolean {
    return this.#inMemory;
  }

  /** What the person should know: that there is no room. */
  get warning(): string | undefined {
    return this.#warning;
  }

  /** The manifest, once all is written. */
  get manifest(): Uint8Array<ArrayBuffer> {
    if (!this.#manifest) {
      throw new QuernError('internal', 'The compiler has written no manifest.');
    }
    return this.#manifest;
  }

  /**
   * Makes room.
   *
   * @param bytes of all files, about
   * @throws QuernError `quota` where keeping is required and there is no room
   */
  async prepare(bytes: number): Promise<void> {
    this.#manifest = undefined;
    if (this.#inMemory) {
      return;
    }
    this.#known = new Set((await this.#store.list()).map(({ key }) => key));
    try {
      await new Keeping('required').ask(bytes);
    } catch (problem) {
      if (this.#keep === 'required') {
        throw problem;
      }
      this.#inMemory = true;
      this.#warning = WITHOUT_ROOM;
    }
  }

  /** Begins a file. */
  begin(name: string, bytes: number): void {
    this.#name = name;
    this.#pieces = bytes < 0 ? [] : [new Uint8Array(bytes)];
    this.#length = 0;
  }

  /** Appends a copy of a piece. */
  write(piece: Uint8Array): void {
    const whole = this.#pieces[0];
    if (whole && this.#length + piece.byteLength <= whole.byteLength) {
      whole.set(piece, this.#length);
    } else {
      this.#pieces.push(new Uint8Array(piece));
    }
    this.#length += piece.byteLength;
  }

  /** Keeps the file under its hash; answers that. */
  async end(): Promise<Uint8Array> {
    const whole = this.#pieces.length === 1 ? this.#pieces[0]! : new Uint8Array(await new Blob(this.#pieces).arrayBuffer());
    this.#pieces = [];
    if (whole.byteLength !== this.#length) {
      throw new QuernError('internal', `${this.#name}: ${this.#length} bytes came of ${whole.byteLength}.`);
    }
    const hash = await digest(whole);
    if (this.#name === MANIFEST) {
      this.#manifest = whole;
    } else {
      const file = { sha256: hexadecimal(hash) };
      for (let offset = 0; offset < whole.byteLength; offset += PART_BYTES) {
        await this.put(partKey(file, offset), whole.slice(offset, offset + PART_BYTES));
      }
    }
    return hash;
  }

  /** Removes what was written, but for what another model has too. */
  async abandon(): Promise<void> {
    this.#pieces = [];
    this.#memory.clear();
    for (const key of this.#added) {
      await this.#store.delete(key);
    }
    this.#added.clear();
  }

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#memory.get(key) ?? this.#store.get(key);
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.#inMemory) {
      try {
        await this.#store.put(key, bytes);
        if (!this.#known.has(key)) {
          this.#added.add(key);
        }
        return;
      } catch (problem) {
        await this.#moveToMemory(problem);
      }
    }
    this.#memory.set(key, bytes);
  }

  async #moveToMemory(problem: unknown): Promise<void> {
    if (this.#keep === 'required') {
      throw new QuernError(
        'quota',
        `The browser has no room to keep this model (${(problem as Error).message}). Delete another, or load without keeping.`,
        { cause: problem },
      );
    }
    this.#inMemory = true;
    this.#warning = WITHOUT_ROOM;
    for (const key of this.#added) {
      const part = await this.#store.get(key);
      if (part) {
        this.#memory.set(key, part);
      }
      await this.#store.delete(key);
    }
    this.#added.clear();
  }

  async delete(key: string): Promise<void> {
    this.#memory.delete(key);
    await this.#store.delete(key);
  }

  async list(): Promise<Array<{ key: string; bytes: number }>> {
    const held = [...this.#memory].map(([key, part]) => ({ key, bytes: part.byteLength }));
    const kept = (await this.#store.list()).filter(({ key }) => !this.#memory.has(key));
    return [...kept, ...held].sort(byKey);
  }
}
