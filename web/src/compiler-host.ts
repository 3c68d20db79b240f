import type { CompiledFiles } from './compiled-files.js';
import type { CompilerHost } from './compiler-module.js';
import { QuernError } from './errors.js';
import { megabytes } from './keeping.js';
import type { ModelSource } from './model-bytes.js';
import type { EngineModule } from './module.js';
import type { LoadOptions } from './types.js';

/** What the compiler has of this page. */
export class PageHost implements CompilerHost {
  readonly #source: ModelSource;
  readonly #engine: EngineModule;
  #files: CompiledFiles | undefined;
  #options: LoadOptions = {};
  #waiting: string | undefined;
  #packed = { written: 0, total: 1 };
  /** What failed here while the compiler worked. */
  readonly #failures: unknown[] = [];

  readonly device: GPUAdapter;
  readonly adapter: GPUAdapterInfo;

  /** @param engine builds the tokenizer to see that it can be; that needs no device */
  constructor(source: ModelSource, engine: EngineModule, adapter: GPUAdapter) {
    this.#source = source;
    this.#engine = engine;
    this.device = adapter;
    this.adapter = adapter.info;
  }

  /**
   * Has the compiler do something, for a caller who wants to hear of it. What failed here is thrown in its own words.
   */
  async ask<T>(work: () => Promise<T>, options: LoadOptions): Promise<T> {
    this.#options = options;
    this.#waiting = undefined;
    this.#failures.length = 0;
    try {
      return await work();
    } catch (problem) {
      throw this.#failures.length > 0 ? this.#failures[0] : problem;
    }
  }

  /** Where the bundle's files go. What they are is known when the header was read. */
  set files(files: CompiledFiles) {
    this.#files = files;
  }

  get size(): number {
    return this.#source.size;
  }

  get parts(): Float64Array {
    return Float64Array.from(this.#source.parts ?? [this.#source.size]);
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    const { signal } = this.#options;
    return this.#noted(this.#source.read(offset, length, { signal, waiting: (what) => this.#wait(what) }));
  }

  checkTokenizer(tokenizer: string): Promise<string> {
    return this.#noted(this.#engine.checkTokenizer(tokenizer));
  }

  holds(file: string): boolean {
    return this.#files?.holds(file) ?? false;
  }

  begin(file: string, bytes: number): void {
    this.#files?.begin(file, bytes);
  }

  write(piece: Uint8Array): void {
    this.#files?.write(piece);
  }

  end(): Promise<Uint8Array> {
    return this.#noted(this.#end());
  }

  async #end(): Promise<Uint8Array> {
    this.#options.signal?.throwIfAborted();
    if (!this.#files) {
      throw new QuernError('internal', 'The compiler writes before it has read.');
    }
    return this.#files.end();
  }

  progress(written: number, total: number): void {
    this.#packed = { written, total };
    this.#tell();
  }

  #wait(what: string | undefined): void {
    if (what !== this.#waiting) {
      this.#waiting = what;
      this.#tell();
    }
  }

  #tell(): void {
    if (!this.#files) {
      const text = this.#waiting ?? 'reading the header';
      this.#options.onProgress?.({
        phase: 'compile',
        loaded: 0,
        total: 1,
        text,
        ...(this.#waiting !== undefined && { waiting: text }),
      });
      return;
    }
    const { written, total } = this.#packed;
    const { warning } = this.#files;
    const waiting = this.#waiting;
    const text = `${megabytes(written)} of ${megabytes(total)} MB of weights packed`;
    this.#options.onProgress?.({
      phase: 'repack',
      loaded: written,
      total,
      text: waiting === undefined ? text : `${text}; ${waiting}`,
      ...(waiting !== undefined && { waiting }),
      ...(warning !== undefined && { warning }),
    });
  }

  async #noted<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (problem) {
      this.#failures.push(problem);
      throw problem;
    }
  }
}
