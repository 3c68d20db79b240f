import { QuernError } from './errors.js';
import { digest, hexadecimal } from './hash.js';
import { Keeping, type Keep } from './keeping.js';
import { byKey, keptBytes, PART_BYTES, partKey, type PartStore } from './parts.js';
import { deleteRecord, keepPart, type ListedFile, type ManifestText, noteModel, notedModel } from './records.js';

const MANIFEST = 'manifest.json';
const WEIGHTS = 'weights/';
const WITHOUT_ROOM =
  'The browser has no room for this model. It is not kept here, and must be compiled again at the next visit.';

/** What is compiled, and where it will be found again. */
export interface Compiled {
  readonly address: string;
  /** The address of the model file, if it has one. */
  readonly source: string | undefined;
  readonly model: ManifestText['model'];
}

/**
 * The files of a bundle while they are compiled: each is put together, hashed, and kept in parts as if it had been
 * fetched. Files of weights that are done are there for the next try, should this one break off. What finds no room in
 * the store stays in memory, all of it: half a bundle is of no use without the other half.
 */
export class CompiledFiles implements PartStore {
  readonly #store: PartStore;
  readonly #keep: Keep;
  readonly #compiled: Compiled;
  readonly #memory = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Files of weights that are done, by name. */
  #done = new Map<string, ListedFile>();
  /** Small files, which are kept together when all weights are. */
  #late: Array<{ readonly file: ListedFile; readonly bytes: Uint8Array<ArrayBuffer> }> = [];
  #needs = 0;
  #inMemory: boolean;
  #warning: string | undefined;
  #name = '';
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;
  #manifest: Uint8Array<ArrayBuffer> | undefined;

  constructor(store: PartStore, keep: Keep, compiled: Compiled) {
    this.#store = store;
    this.#keep = keep;
    this.#compiled = compiled;
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
   * Makes room, and finds what an earlier try has left.
   *
   * @param bytes of all files, about
   * @throws QuernError `quota` where keeping is required and there is no room
   */
  async prepare(bytes: number): Promise<void> {
    this.#manifest = undefined;
    this.#late = [];
    this.#needs = bytes;
    if (this.#inMemory) {
      return;
    }
    this.#done = await this.#left();
    const there = [...this.#done.values()].reduce((sum, file) => sum + file.bytes, 0);
    try {
      await new Keeping(this.#compiled.address, 'required').ask(bytes - there);
      await this.#note([...this.#done.values()], false);
    } catch (problem) {
      await this.#moveToMemory(problem);
    }
  }

  async #left(): Promise<Map<string, ListedFile>> {
    const record = await notedModel(this.#store, this.#compiled.address);
    const kept = record && (await keptBytes(this.#store));
    const files = record ? (JSON.parse(record.manifest) as ManifestText).files : [];
    const whole = files.filter(({ name, sha256, bytes }) => name.startsWith(WEIGHTS) && kept?.get(sha256) === bytes);
    return new Map(whole.map((file) => [file.name, file]));
  }

  /** Whether a file is there from an earlier try. */
  holds(name: string): boolean {
    return this.#done.has(name);
  }

  /** Begins a file. */
  begin(name: string, bytes: number): void {
    this.#name = name;
    this.#pieces = bytes < 0 || this.holds(name) ? [] : [new Uint8Array(bytes)];
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
    const held = this.#done.get(this.#name);
    if (held) {
      return Uint8Array.from(held.sha256.match(/../g) ?? [], (byte) => parseInt(byte, 16));
    }
    const whole =
      this.#pieces.length === 1 ? this.#pieces[0]! : new Uint8Array(await new Blob(this.#pieces).arrayBuffer());
    this.#pieces = [];
    if (whole.byteLength !== this.#length) {
      throw new QuernError('internal', `${this.#name}: ${this.#length} bytes came of ${whole.byteLength}.`);
    }
    const hash = await digest(whole);
    const file = { name: this.#name, bytes: whole.byteLength, sha256: hexadecimal(hash) };
    if (this.#name === MANIFEST) {
      await this.#keepAll(this.#late);
      this.#late = [];
      this.#manifest = whole;
    } else if (this.#name.startsWith(WEIGHTS)) {
      await this.#keepAll([{ file, bytes: whole }]);
      this.#done.set(file.name, file);
    } else {
      this.#late.push({ file, bytes: whole });
    }
    return hash;
  }

  async #keepAll(
    files: ReadonlyArray<{ readonly file: ListedFile; readonly bytes: Uint8Array<ArrayBuffer> }>,
  ): Promise<void> {
    if (!this.#inMemory) {
      try {
        await this.#note([...this.#done.values(), ...files.map(({ file }) => file)], true);
      } catch (problem) {
        await this.#moveToMemory(problem);
      }
    }
    for (const { file, bytes } of files) {
      for (let offset = 0; offset < bytes.byteLength; offset += PART_BYTES) {
        await this.#keepPart(partKey(file, offset), bytes.slice(offset, offset + PART_BYTES));
      }
    }
  }

  /** Notes what is packed so far: no part is kept before it is listed. */
  async #note(files: readonly ListedFile[], known: boolean): Promise<void> {
    const { address, source, model } = this.#compiled;
    const { name, encoding, parameters } = model;
    const manifest = JSON.stringify({ model: { name, encoding, parameters }, files });
    const record = {
      address,
      opened: Date.now(),
      manifest,
      needs: this.#needs,
      ...(source !== undefined && { source }),
    };
    if (!(await noteModel(this.#store, record, known))) {
      throw deleted(name);
    }
  }

  /**
   * The try broke off.
   *
   * @param again whether another may go on with the files that are done; else they are removed, but for what another
   *   model has too
   */
  async leave(again: boolean): Promise<void> {
    this.#pieces = [];
    this.#late = [];
    if (again && this.#done.size > 0) {
      return;
    }
    this.#memory.clear();
    this.#done.clear();
    if (!this.#inMemory) {
      await deleteRecord(this.#store, this.#compiled.address);
    }
  }

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#memory.get(key) ?? this.#store.get(key);
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#inMemory) {
      this.#memory.set(key, bytes);
    } else {
      await this.#store.put(key, bytes);
    }
  }

  async #keepPart(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.#inMemory) {
      try {
        if (await keepPart(this.#store, this.#compiled.address, key, bytes)) {
          return;
        }
        throw deleted(this.#compiled.model.name);
      } catch (problem) {
        await this.#moveToMemory(problem);
      }
    }
    this.#memory.set(key, bytes);
  }

  /** Makes room in the store, where there was not enough for all. */
  async #moveToMemory(problem: unknown): Promise<void> {
    if (problem instanceof QuernError && problem.kind !== 'quota') {
      throw problem;
    }
    if (this.#keep === 'required') {
      throw problem instanceof QuernError
        ? problem
        : new QuernError(
            'quota',
            `The browser has no room to keep this model (${(problem as Error).message}). Delete another, or load ` +
              `without keeping.`,
            { cause: problem },
          );
    }
    this.#inMemory = true;
    this.#warning = WITHOUT_ROOM;
    for (const file of this.#done.values()) {
      for (let offset = 0; offset < file.bytes; offset += PART_BYTES) {
        const part = await this.#store.get(partKey(file, offset));
        if (part) {
          this.#memory.set(partKey(file, offset), part);
        }
      }
    }
    await deleteRecord(this.#store, this.#compiled.address);
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

function deleted(name: string): QuernError {
  return new QuernError(
    'bundle',
    `${name} was deleted from this device while it was compiled. Open its model file again.`,
  );
}
