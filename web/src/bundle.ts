import { forget, readFile, type RemoteFile } from './download.js';
import type { Engine } from './engine.js';
import { asQuernError, QuernError } from './errors.js';
import { Instance } from './instance.js';
import { LocalEngine } from './local-engine.js';
import { instantiate } from './module.js';
import { openPartStore, type PartStore } from './parts.js';
import type { BundleOptions, EngineOptions, LoadOptions, MemoryPlan, MemoryRegion, ModelFacts } from './types.js';

const MANIFEST = 'manifest.json';

/** What this package reads of a plan's JSON. */
interface PlanText {
  readonly buffers: ReadonlyArray<{ role: string; bytes: number }>;
  readonly weights: ReadonlyArray<{ bytes: number }>;
  readonly kernels: ReadonlyArray<{ name: string; file: string }>;
  readonly memory: { arena_bytes: number; lower_bound_bytes: number; regions: MemoryRegion[] };
}

/** Opens a bundle and brings it to the device. */
export async function createEngine(source: string | URL, options: EngineOptions = {}): Promise<Engine> {
  return (await openBundle(source, options)).load(options);
}

/**
 * Opens a bundle: reads its manifest, opens the device and chooses the plan that fits. No weight is fetched.
 *
 * @param source the address of a bundle's folder, absolute or relative to the page
 * @throws QuernError with a kind and a message for people
 */
export async function openBundle(source: string | URL, options: BundleOptions = {}): Promise<Bundle> {
  const base = new URL(String(source).replace(/\/?$/, '/'), globalThis.document?.baseURI ?? location.href);
  try {
    const [module, store, manifest] = await Promise.all([
      instantiate(),
      openPartStore(),
      fetchManifest(base, options.signal),
    ]);
    const files = new BundleFiles(base, manifest, store);
    return await Bundle.open(new Instance(module, files, options), files);
  } catch (problem) {
    options.signal?.throwIfAborted();
    throw asQuernError(problem);
  }
}

/** A bundle whose plan for this device is chosen. */
export class Bundle {
  readonly #instance: Instance;
  readonly #files: BundleFiles;
  readonly #plan: PlanText;

  /** What the bundle holds. */
  readonly model: ModelFacts;

  private constructor(instance: Instance, files: BundleFiles, model: ModelFacts, plan: PlanText) {
    this.#instance = instance;
    this.#files = files;
    this.model = model;
    this.#plan = plan;
  }

  /** @internal */
  static async open(instance: Instance, files: BundleFiles): Promise<Bundle> {
    try {
      const model = await instance.open();
      const plan = JSON.parse(await files.text(`plan-${model.profile}.json`)) as PlanText;
      return new Bundle(instance, files, model, plan);
    } catch (problem) {
      instance.close();
      throw problem;
    }
  }

  /** What the model will take on the device. */
  memoryPlan(): MemoryPlan {
    const sum = (parts: ReadonlyArray<{ bytes: number }>) => parts.reduce((total, part) => total + part.bytes, 0);
    const { buffers, weights, kernels, memory } = this.#plan;
    const weight_bytes = sum(weights);
    const state_bytes = sum(buffers.filter((buffer) => buffer.role === 'state'));
    const arena_bytes = memory.arena_bytes;
    const other_bytes = sum(buffers.filter((buffer) => buffer.role !== 'state' && buffer.role !== 'arena'));
    return {
      memory: {
        weight_bytes,
        state_bytes,
        arena_bytes,
        arena_lower_bound_bytes: memory.lower_bound_bytes,
        other_bytes,
        total_bytes: weight_bytes + state_bytes + arena_bytes + other_bytes,
        regions: memory.regions,
      },
      kernels: kernels.map((kernel) => kernel.name),
    };
  }

  /** The WGSL of a kernel. */
  async kernelSource(name: string): Promise<string> {
    const kernel = this.#plan.kernels.find((candidate) => candidate.name === name);
    if (!kernel) {
      throw new QuernError('request', `The plan has no kernel named ${name}.`);
    }
    return this.#files.text(kernel.file);
  }

  /** Fetches the weights as far as they are not here yet, and brings everything to the device. */
  async load(options: LoadOptions = {}): Promise<Engine> {
    try {
      this.#files.begin(options);
      await this.#instance.load();
      return new LocalEngine(this.#instance, this.model, this.memoryPlan(), () => this.#reload(options));
    } catch (problem) {
      this.#instance.close();
      options.signal?.throwIfAborted();
      throw asQuernError(problem);
    }
  }

  /** Brings the model to another device: what is kept here is not fetched again. */
  async #reload({ onProgress }: LoadOptions): Promise<void> {
    onProgress?.({ phase: 'recover', loaded: 0, total: 1, text: 'the device was lost: opening it again' });
    this.#files.begin(onProgress ? { onProgress } : {});
    await this.#instance.open();
    await this.#instance.load();
    onProgress?.({ phase: 'recover', loaded: 1, total: 1, text: 'the device is open again' });
  }
}

async function fetchManifest(base: URL, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(MANIFEST, base);
  const response = await fetch(url, signal ? { signal } : {}).catch((problem: unknown) => {
    throw new QuernError('network', `${url.href} cannot be fetched: ${(problem as Error).message}`, { cause: problem });
  });
  if (!response.ok) {
    throw new QuernError('network', `${url.href} cannot be fetched: the server answered ${response.status}.`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** The files of a bundle on a server, kept in the store by their hashes. */
export class BundleFiles {
  readonly base: URL;
  readonly #manifest: Uint8Array<ArrayBuffer>;
  readonly #store: PartStore;
  readonly #files = new Map<string, RemoteFile>();
  #options: LoadOptions = {};
  #fetched = 0;

  constructor(base: URL, manifest: Uint8Array<ArrayBuffer>, store: PartStore) {
    this.base = base;
    this.#manifest = manifest;
    this.#store = store;
    for (const file of listed(manifest, base)) {
      this.#files.set(file.name, { url: new URL(file.name, base).href, bytes: file.bytes, sha256: file.sha256 });
    }
  }

  /** From now on progress and abortion are this caller's. */
  begin(options: LoadOptions): void {
    this.#options = options;
    this.#fetched = 0;
  }

  has(name: string): boolean {
    return name === MANIFEST || this.#files.has(name);
  }

  size(name: string): number {
    return name === MANIFEST ? this.#manifest.byteLength : (this.#files.get(name)?.bytes ?? -1);
  }

  /** A file. If its bytes do not match the hash they are given all the same, since the engine refuses them, but not kept. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#files.get(name);
    if (!file) {
      return this.#manifest;
    }
    const counted = (more: number) => this.#count(more);
    const bytes = await readFile(this.#store, file, counted, this.#options.signal);
    if (!(await matches(bytes, file.sha256))) {
      await forget(this.#store, file);
    }
    return bytes;
  }

  async text(name: string): Promise<string> {
    return new TextDecoder().decode(await this.read(name));
  }

  progress(phase: string, loaded: number, total: number): void {
    this.#options.onProgress?.({
      phase: phase as 'weights' | 'pipelines',
      loaded,
      total,
      text:
        phase === 'weights'
          ? `weights: ${megabytes(loaded)} of ${megabytes(total)} MB`
          : `kernels: ${loaded} of ${total}`,
    });
  }

  #count(more: number): void {
    this.#fetched += more;
    const total = [...this.#files.values()].reduce((sum, file) => sum + file.bytes, 0);
    this.#options.onProgress?.({
      phase: 'fetch',
      loaded: Math.min(this.#fetched, total),
      total,
      text: `files: ${megabytes(this.#fetched)} of at most ${megabytes(total)} MB`,
    });
  }
}

function listed(manifest: Uint8Array, base: URL): Array<{ name: string; bytes: number; sha256: string }> {
  try {
    const parsed = JSON.parse(new TextDecoder().decode(manifest)) as {
      files: Array<{ name: string; bytes: number; sha256: string }>;
    };
    return parsed.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
  } catch (problem) {
    throw new QuernError('bundle', `${base.href} is not a bundle: its ${MANIFEST} is not readable.`, {
      cause: problem,
    });
  }
}

async function matches(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<boolean> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
