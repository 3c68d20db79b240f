import type { CompiledFiles } from './compiled-files.js';
import type { CompilerHost } from './compiler-module.js';
import { megabytes } from './keeping.js';
import type { ModelSource } from './model-source.js';
import type { LoadOptions } from './types.js';

/** What the compiler has of this page. */
export class PageHost implements CompilerHost {
  readonly #source: ModelSource;
  readonly #files: CompiledFiles;
  #options: LoadOptions = {};
  /** What failed here while the compiler worked. */
  readonly #failures: unknown[] = [];

  readonly device: GPUAdapter;
  readonly adapter: GPUAdapterInfo;

  constructor(source: ModelSource, adapter: GPUAdapter, files: CompiledFiles) {
    this.#source = source;
    this.#files = files;
    this.device = adapter;
    this.adapter = adapter.info;
  }

  /** Has the compiler do something, for a caller who wants to hear of it. What failed here is thrown in its own words. */
  async ask<T>(work: () => Promise<T>, options: LoadOptions): Promise<T> {
    this.#options = options;
    this.#failures.length = 0;
    try {
      return await work();
    } catch (problem) {
      throw this.#failures.length > 0 ? this.#failures[0] : problem;
    }
  }

  get size(): number {
    return this.#source.size;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.#noted(this.#source.read(offset, length, this.#options.signal));
  }

  begin(file: string, bytes: number): void {
    this.#files.begin(file, bytes);
  }

  write(piece: Uint8Array): void {
    this.#files.write(piece);
  }

  end(): Promise<Uint8Array> {
    return this.#noted(this.#end());
  }

  async #end(): Promise<Uint8Array> {
    this.#options.signal?.throwIfAborted();
    return this.#files.end();
  }

  progress(written: number, total: number): void {
    const { warning } = this.#files;
    this.#options.onProgress?.({
      phase: 'repack',
      loaded: written,
      total,
      text: `${megabytes(written)} of ${megabytes(total)} MB of weights packed`,
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
