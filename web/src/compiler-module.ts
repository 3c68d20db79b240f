import { fetchOwn } from './fetching.js';
import type { Fetching } from './line.js';
import { load } from './quern-runtime.js';

/** The functions of the compiler's WebAssembly module, as Java exports them: see `WebCompiler`. */
export interface CompilerModule {
  open(host: CompilerHost, options: string): Promise<string>;
  kernel(name: string): Promise<string>;
  write(): Promise<string>;
  close(): void;
}

/** What the compiler asks of the page: a model file, a device, and someone who takes the bundle's files. */
export interface CompilerHost {
  readonly size: number;
  /** The sizes of the files that it was split into. */
  readonly parts: Float64Array;
  /** A device, or an adapter: what has limits and features. */
  readonly device: { readonly limits: GPUSupportedLimits; readonly features: GPUSupportedFeatures };
  readonly adapter: GPUAdapterInfo;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** What the engine says of a tokenizer. */
  checkTokenizer(tokenizer: string): Promise<string>;
  /** Whether all of a file is here from an earlier try. */
  holds(file: string): boolean;
  /** Begins a file of the bundle; its size is -1 where only the end will tell. */
  begin(file: string, bytes: number): void;
  /** Appends to the file; the array is valid until the call returns. */
  write(piece: Uint8Array): void;
  /** Ends the file and answers the bytes of its SHA-256. */
  end(): Promise<Uint8Array>;
  progress(written: number, total: number): void;
}

/** The compiler's binary, which is fetched when a model is compiled and never before. */
export function fetchCompiler(fetching: Fetching): Promise<Uint8Array<ArrayBuffer>> {
  return fetchOwn(new URL('./quern-compiler.wasm', import.meta.url).href, fetching);
}

/** A new instance of the compiler: it holds one model. */
export async function instantiateCompiler(binary: Uint8Array<ArrayBuffer>): Promise<CompilerModule> {
  return (await load(binary)).exports as CompilerModule;
}
