import { type Bundle, kernelFile, memoryPlanOf, type PlanText, StoredBundle } from './bundle.js';
import { CompiledFiles } from './compiled-files.js';
import { PageHost } from './compiler-host.js';
import { type CompilerModule, fetchCompiler, instantiateCompiler } from './compiler-module.js';
import { COMPILED_LIMITS } from './device.js';
import { sha256 } from './download.js';
import type { Engine } from './engine.js';
import { asQuernError, QuernError } from './errors.js';
import { BundleFiles } from './files.js';
import { Instance } from './instance.js';
import { Keeping, megabytes } from './keeping.js';
import { type ModelSource, openSource } from './model-source.js';
import { COMPILED_HERE, keptBytes, type ManifestText, notedModel, sourceAddress } from './models.js';
import { instantiate } from './module.js';
import { openPartStore, type PartStore } from './parts.js';
import { findAdapter } from './support.js';
import type { LoadOptions, MemoryPlan, ModelFacts, ModelOptions } from './types.js';

/**
 * Opens a model file and compiles it for this device: its header is read and every kernel and byte of memory planned, but no weight is read. A
 * file that was compiled here before, for the same device and by the same compiler, is opened without compiling.
 *
 * @param source a file that a person chose, or the address of one
 * @throws QuernError `model` if the file is broken or asks for what is not supported; `network`, `no_webgpu`, `no_device`
 */
export async function openModel(source: Blob | string | URL, options: ModelOptions = {}): Promise<Bundle> {
  const { signal, onProgress } = options;
  try {
    const file = await openSource(
      source instanceof Blob ? source : sourceAddress(source),
      {
        signal,
        progress: (loaded, total) =>
          onProgress?.({ phase: 'fetch', loaded, total, text: `${megabytes(loaded)} of ${megabytes(total)} MB fetched` }),
      },
    );
    const [binary, store, adapter] = await Promise.all([fetchCompiler(signal), openPartStore(), adapterHere()]);
    const address = await addressOf(file, binary, adapter, options);
    const before = await compiledBefore(address, store, options);
    if (before) {
      return before;
    }
    onProgress?.({ phase: 'compile', loaded: 0, total: 1, text: `compiling ${file.name}` });
    const bundle = await CompiledBundle.open(file, await instantiateCompiler(binary), adapter, address, store, options);
    onProgress?.({
      phase: 'compile',
      loaded: 1,
      total: 1,
      text: `compiled for this device in ${bundle.compileSeconds.toFixed(2)} s`,
    });
    return bundle;
  } catch (problem) {
    signal?.throwIfAborted();
    throw asQuernError(problem);
  }
}

/** A model whose plan is made. Its weights are read, packed and kept when it is loaded. */
class CompiledBundle implements Bundle {
  readonly #compiler: CompilerModule;
  readonly #host: PageHost;
  readonly #address: string;
  readonly #files: CompiledFiles;
  readonly #options: ModelOptions;
  readonly #plan: PlanText;
  #seconds: number;
  #written: BundleFiles | undefined;

  readonly model: ModelFacts;

  private constructor(
    compiler: CompilerModule,
    host: PageHost,
    address: string,
    files: CompiledFiles,
    options: ModelOptions,
    answer: { readonly model: ModelFacts; readonly plan: string },
    seconds: number,
  ) {
    this.#compiler = compiler;
    this.#host = host;
    this.#address = address;
    this.#files = files;
    this.#options = options;
    this.model = answer.model;
    this.#plan = JSON.parse(answer.plan) as PlanText;
    this.#seconds = seconds;
  }

  static async open(
    file: ModelSource,
    compiler: CompilerModule,
    adapter: GPUAdapter,
    address: string,
    store: PartStore,
    options: ModelOptions,
  ): Promise<CompiledBundle> {
    const files = new CompiledFiles(store, options.keep ?? 'if-possible');
    const host = new PageHost(file, adapter, files);
    const { context, cache, profile } = options;
    const begin = performance.now();
    const wanted = JSON.stringify({
      ...(context !== undefined && { context }),
      ...(cache !== undefined && { cache }),
      ...(profile !== undefined && { profile }),
    });
    const answer = await host.ask(() => compiler.open(host, wanted), options);
    const seconds = (performance.now() - begin) / 1000;
    return new CompiledBundle(compiler, host, address, files, options, JSON.parse(answer), seconds);
  }

  get address(): string {
    return this.#address;
  }

  get compileSeconds(): number {
    return this.#seconds;
  }

  memoryPlan(): MemoryPlan {
    return memoryPlanOf(this.#plan);
  }

  async kernelSource(name: string): Promise<string> {
    const file = kernelFile(this.#plan, name);
    return this.#written ? this.#written.text(file) : this.#compiler.kernel(name);
  }

  async load(options: LoadOptions = {}): Promise<Engine> {
    try {
      this.#written ??= await this.#write(options);
      const instance = new Instance(await instantiate(this.#options.target), this.#written, { ...this.#options, profile: this.model.profile });
      return (await StoredBundle.open(instance, this.#written)).load(options);
    } catch (problem) {
      options.signal?.throwIfAborted();
      throw asQuernError(problem);
    }
  }

  /** Packs the weights as the kernels want them, and writes the bundle. */
  async #write(options: LoadOptions): Promise<BundleFiles> {
    const begin = performance.now();
    try {
      await this.#files.prepare(this.memoryPlan().memory.weight_bytes);
      await this.#host.ask(() => this.#compiler.write(), options);
    } catch (problem) {
      await this.#files.abandon();
      throw problem;
    }
    this.#compiler.close();
    this.#seconds += (performance.now() - begin) / 1000;
    this.#tell(options);
    const keeping = new Keeping(this.#files.inMemory ? 'never' : this.#options.keep);
    return new BundleFiles(this.#address, false, this.#files.manifest, this.#files, keeping);
  }

  /** All weights are packed: how long it took, and whether they are kept. */
  #tell({ onProgress }: LoadOptions): void {
    const total = this.memoryPlan().memory.weight_bytes;
    const { warning } = this.#files;
    onProgress?.({
      phase: 'repack',
      loaded: total,
      total,
      text: `${megabytes(total)} MB of weights packed; compiled in ${this.#seconds.toFixed(1)} s`,
      ...(warning !== undefined && { warning }),
    });
  }
}

/** The bundle that was compiled of the same file for the same device, if all of it is still here. */
async function compiledBefore(address: string, store: PartStore, options: ModelOptions): Promise<Bundle | undefined> {
  const noted = await notedModel(store, address);
  if (!noted) {
    return undefined;
  }
  const kept = await keptBytes(store);
  const { files } = JSON.parse(noted.manifest) as ManifestText;
  if (!files.every((file) => kept.get(file.sha256) === file.bytes)) {
    return undefined;
  }
  const manifest = new TextEncoder().encode(noted.manifest);
  const known = new BundleFiles(address, false, manifest, store, new Keeping(options.keep));
  return StoredBundle.open(new Instance(await instantiate(options.target), known, options), known);
}

/** Where the bundle lies in this page's store: another for all that makes another bundle. */
async function addressOf(
  file: ModelSource,
  compiler: Uint8Array<ArrayBuffer>,
  { info, features, limits }: GPUAdapter,
  options: ModelOptions,
): Promise<string> {
  const text = JSON.stringify([
    await file.identity(),
    await sha256(compiler),
    [info.vendor, info.architecture, info.description, info.isFallbackAdapter],
    features.has('subgroups') && [info.subgroupMinSize, info.subgroupMaxSize],
    COMPILED_LIMITS.map((name) => limits[name]),
    [options.context, options.cache ?? 'f16', options.profile],
  ]);
  return `${COMPILED_HERE}//${(await sha256(new TextEncoder().encode(text))).slice(0, 32)}/`;
}

async function adapterHere(): Promise<GPUAdapter> {
  const found = await findAdapter();
  if (!('adapter' in found)) {
    throw new QuernError(found.kind, `${found.message} ${found.advice}`);
  }
  return found.adapter;
}
