import { QuernError } from './errors.js';
import { fetchOwn } from './fetching.js';
import { load } from './quern-runtime.js';
import type { BundleOptions } from './types.js';

/** The functions of the WebAssembly module, as Java exports them: see `WebEngine`. */
export interface EngineModule {
  open(host: EngineHost, profile: string): Promise<string>;
  checkTokenizer(tokenizer: string): Promise<string>;
  load(): Promise<string>;
  chatPrompt(request: string): Promise<string>;
  generate(request: string, text: (more: string) => void): Promise<string>;
  logits(request: string, row: (position: number, logits: Float32Array) => void): Promise<string>;
  tokenize(text: string, parseSpecial: boolean): Promise<string>;
  broken(): boolean;
  resume(): Promise<string>;
  reset(): void;
  refused(kind: string, message: string): void;
  interrupt(): void;
  close(): void;
}

/** What the module asks of the page. */
export interface EngineHost {
  readonly name: string;
  readonly device: GPUDevice;
  readonly adapter: GPUAdapterInfo;
  has(file: string): boolean;
  size(file: string): number;
  read(file: string): Promise<Uint8Array>;
  progress(phase: string, loaded: number, total: number): void;
}

/** What the engine's Java is compiled to. */
export type Target = 'webassembly' | 'javascript';

/** A module with one struct, as bytes: what knows it has WebAssembly with garbage collection. */
const SMALLEST = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x5f, 1, 0x78, 0]);

let scripts = 0;

/** What the engine runs as: what is told, else WebAssembly where the browser has all of it. */
export function targetOf(target: Target | undefined): Target {
  return target ?? (WebAssembly.validate(SMALLEST) ? 'webassembly' : 'javascript');
}

/**
 * A new instance of the module: it holds one engine.
 *
 * @param target if none is told, WebAssembly where the browser has all of it, else JavaScript: slower with text, equal
 *   in all else
 */
export async function instantiate(
  target: Target | undefined,
  { signal, patience }: BundleOptions,
): Promise<EngineModule> {
  if (targetOf(target) === 'webassembly') {
    const binary = new URL('./quern.wasm', import.meta.url);
    return (await load(await fetchOwn(binary.href, { signal, patience }))).exports as EngineModule;
  }
  if ('ServiceWorkerGlobalScope' in globalThis) {
    throw new QuernError(
      'request',
      'This browser’s WebAssembly has no garbage collection, and a service worker cannot load the engine as ' +
        'JavaScript. ' +
        'Use a worker (createWorkerEngine), or update the browser.',
    );
  }
  const script = new URL('./quern-engine.js', import.meta.url);
  // A script is an instance, and the browser keeps it by its address.
  if (scripts++ > 0) {
    script.searchParams.set('instance', String(scripts));
  }
  return (await import(/* @vite-ignore */ script.href)) as EngineModule;
}
