import { load } from './quern-runtime.js';

/** The functions of the WebAssembly module, as Java exports them: see `WebEngine`. */
export interface EngineModule {
  open(host: EngineHost, profile: string): Promise<string>;
  load(): Promise<string>;
  renderChat(request: string): Promise<string>;
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

/** A new instance of the module: it holds one engine. */
export async function instantiate(): Promise<EngineModule> {
  const binary = new URL('./quern.wasm', import.meta.url);
  return (await load(binary.href)).exports as EngineModule;
}
