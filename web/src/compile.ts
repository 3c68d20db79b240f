import { isChosen, sourceAddress } from './addresses.js';
import { CompiledFiles } from './compiled-files.js';
import { PageHost } from './compiler-host.js';
import { type CompilerModule, fetchCompiler, instantiateCompiler } from './compiler-module.js';
import { COMPILED_LIMITS } from './device.js';
import type { Engine, OpenedBundle } from './engine.js';
import { asQuernError, QuernError } from './errors.js';
import { BundleFiles } from './files.js';
import { sha256 } from './hash.js';
import { Instance } from './instance.js';
import { megabytes } from './keeping.js';
import type { ModelSource } from './model-bytes.js';
import { openSource } from './model-source.js';
import { type EngineModule, instantiate, targetOf } from './module.js';
import { keptBytes, openPartStore, type PartStore } from './parts.js';
import { COMPILED_HERE, type ManifestText, notedModel, sweep } from './records.js';
import { locked } from './site-data.js';
import { type SlowPath, slowPaths } from './slow.js';
import { kernelFile, memoryPlanOf, type PlanText, StoredBundle } from './stored-bundle.js';
import { findAdapter } from './support.js';
import type { AnySource, LoadOptions, MemoryPlan, ModelFacts, ModelOptions } from './types.js';

/**
 * Opens a model file and compiles it for this device: its header is read, its tokenizer built, and every kernel and
 * byte of memory planned, but no weight is read. A file that was compiled here before, for the same device and by the
 * same compiler, is opened without compiling.
 *
 * @param source a file that a person chose, or the address of one; or all the files of a model that was split
 * @throws QuernError `model` if the file is broken or asks for what is not supported; `network`, `no_webgpu`,
 *   `no_device`
 */
export async function openModel(source: AnySource, options: ModelOptions = {}): Promise<OpenedBundle> {
  const { signal, patience, onProgress } = options;
  const waiting = (what: string | undefined) =>
    what !== undefined && onProgress?.({ phase: 'fetch', loaded: 0, total: 1, text: what, waiting: what });
  const fetching = { signal, patience, waiting };
  try {
    const file = await openSource(isChosen(source) ? source : sourceAddress(source), {
      ...fetching,
      progress: (loaded, total) =>
        onProgress?.({ phase: 'fetch', loaded, total, text: `${megabytes(loaded)} of ${megabytes(total)} MB fetched` }),
    });
    const [binary, engine, store, adapter] = await Promise.all([
      fetchCompiler(fetching),
      instantiate(options.target, options),
      openPartStore(),
      adapterHere(),
    ]);
    await sweep(store);
    const address = await addressOf(file, binary, adapter, options);
    const before = await compiledBefore(address, store, options);
    if (before) {
      return await StoredBundle.open(new Instance(engine, before, options), before);
    }
    onProgress?.({ phase: 'compile', loaded: 0, total: 1, text: `compiling ${file.name}` });
    const compiler = await instantiateCompiler(binary);
    const bundle = await CompiledBundle.open(file, compiler, engine, adapter, address, store, options);
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

/** What the compiler tells when it has opened a model. */
interface CompilerAnswer {
  readonly model: ModelFacts;
  readonly plan: string;
  readonly warnings: readonly string[];
}

/** A model whose plan is made. Its weights are read, packed and kept when it is loaded. */
class CompiledBundle implements OpenedBundle {
  readonly #compiler: CompilerModule;
  readonly #host: PageHost;
  readonly #address: string;
  readonly #store: PartStore;
  readonly #files: CompiledFiles;
  readonly #options: ModelOptions;
  readonly #plan: PlanText;
  /** What has tried the tokenizer, until it runs the model. */
  #engine: EngineModule | undefined;
  #seconds: number;
  #written: BundleFiles | undefined;

  readonly model: ModelFacts;
  readonly warnings: readonly string[];

  private constructor(
    compiler: CompilerModule,
    engine: EngineModule,
    host: PageHost,
    address: string,
    store: PartStore,
    files: CompiledFiles,
    options: ModelOptions,
    answer: CompilerAnswer,
    seconds: number,
  ) {
    this.#compiler = compiler;
    this.#engine = engine;
    this.#host = host;
    this.#address = address;
    this.#store = store;
    this.#files = files;
    this.#options = options;
    this.model = answer.model;
    this.warnings = answer.warnings;
    this.#plan = JSON.parse(answer.plan) as PlanText;
    this.#seconds = seconds;
  }

  static async open(
    file: ModelSource,
    compiler: CompilerModule,
    engine: EngineModule,
    adapter: GPUAdapter,
    address: string,
    store: PartStore,
    options: ModelOptions,
  ): Promise<CompiledBundle> {
    const host = new PageHost(file, engine, adapter);
    const { context, cache, profile } = options;
    const begin = performance.now();
    const wanted = JSON.stringify({
      file: file.name,
      ...(context !== undefined && { context }),
      ...(cache !== undefined && { cache }),
      ...(profile !== undefined && { profile }),
    });
    const answer = await host.ask(() => compiler.open(host, wanted), options);
    const seconds = (performance.now() - begin) / 1000;
    const compiled = JSON.parse(answer) as CompilerAnswer;
    const files = new CompiledFiles(store, options.keep ?? 'if-possible', {
      address,
      source: file.address,
      model: compiled.model,
    });
    host.files = files;
    return new CompiledBundle(compiler, engine, host, address, store, files, options, compiled, seconds);
  }

  get address(): string {
    return this.#address;
  }

  get slow(): readonly SlowPath[] {
    const { target } = this.#options;
    return slowPaths(this.#host.adapter, this.model.profile, targetOf(target), target);
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
      // Two tabs that compile one file take turns: the second finds what the first has made.
      this.#written ??= await locked(
        `quern-compile-${this.#address}`,
        { signal: options.signal },
        async () => (await compiledBefore(this.#address, this.#store, this.#options)) ?? this.#write(options),
      );
      const module = this.#engine ?? (await instantiate(this.#options.target, { ...this.#options, ...options }));
      // An instance holds one engine: who loads the model again gets another.
      this.#engine = undefined;
      const instance = new Instance(module, this.#written, { ...this.#options, profile: this.model.profile });
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
      // What was packed is right all the same if it was the network that failed, or the person who thought better of
      // it.
      await this.#files.leave(
        options.signal?.aborted === true || (problem instanceof QuernError && problem.kind === 'network'),
      );
      throw problem;
    }
    this.#compiler.close();
    this.#seconds += (performance.now() - begin) / 1000;
    this.#tell(options);
    const kept = this.#files.inMemory ? { ...this.#options, keep: 'never' as const } : this.#options;
    const written = new BundleFiles(this.#address, undefined, this.#files.manifest, this.#files, kept);
    // From here on it is whole, for whoever waits for it.
    await written.note(false);
    return written;
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

/** The files of the bundle that was compiled of the same file for the same device, if all of it is still here. */
async function compiledBefore(
  address: string,
  store: PartStore,
  options: ModelOptions,
): Promise<BundleFiles | undefined> {
  const noted = await notedModel(store, address);
  if (!noted || noted.needs !== undefined) {
    return undefined;
  }
  const kept = await keptBytes(store);
  const { files } = JSON.parse(noted.manifest) as ManifestText;
  if (!files.every((file) => kept.get(file.sha256) === file.bytes)) {
    return undefined;
  }
  return new BundleFiles(address, undefined, new TextEncoder().encode(noted.manifest), store, options);
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
