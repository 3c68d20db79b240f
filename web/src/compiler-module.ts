import { QuernError } from './errors.js';
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
  /** A device, or an adapter: what has limits and features. */
  readonly device: { readonly limits: GPUSupportedLimits; readonly features: GPUSupportedFeatures };
  readonly adapter: GPUAdapterInfo;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Begins a file of the bundle; its size is -1 where only the end will tell. */
  begin(file: string, bytes: number): void;
  /** Appends to the file; the array is valid until the call returns. */
  write(piece: Uint8Array): void;
  /** Ends the file and answers the bytes of its SHA-256. */
  end(): Promise<Uint8Array>;
  progress(written: number, total: number): void;
}

/** The compiler's binary, which is fetched when a model is compiled and never before. */
export async function fetchCompiler(signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL('./quern-compiler.wasm', import.meta.url);
  const response = await fetch(url, signal ? { signal } : {}).catch((problem: unknown) => {
    signal?.throwIfAborted();
    throw new QuernError('network', `The compiler (${url.href}) cannot be fetched: ${(problem as Error).message}.`, {
      cause: problem,
    });
  });
  if (!response.ok) {
    throw new QuernError('network', `The compiler (${url.href}) cannot be fetched: the server answered ${response.status}.`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** A new instance of the compiler: it holds one model. */
export async function instantiateCompiler(binary: Uint8Array<ArrayBuffer>): Promise<CompilerModule> {
  return (await load(binary)).exports as CompilerModule;
}
