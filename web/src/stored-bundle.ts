import type { Engine, OpenedBundle } from './engine.js';
import { asQuernError, QuernError } from './errors.js';
import type { BundleFiles } from './files.js';
import type { Instance } from './instance.js';
import { LocalEngine } from './local-engine.js';
import type { SlowPath } from './slow.js';
import type { LoadOptions, MemoryPlan, MemoryRegion, ModelFacts } from './types.js';

/** What this package reads of a plan's JSON. */
export interface PlanText {
  readonly buffers: ReadonlyArray<{ role: string; bytes: number }>;
  /** Segments are a file's number, an offset and bytes. */
  readonly weights: ReadonlyArray<{ bytes: number; segments: ReadonlyArray<readonly [number, number, number]> }>;
  readonly kernels: ReadonlyArray<{ name: string; file: string }>;
  readonly memory: { arena_bytes: number; lower_bound_bytes: number; regions: MemoryRegion[] };
}

/** A bundle whose plan for this device is chosen. */
export class StoredBundle implements OpenedBundle {
  readonly #instance: Instance;
  readonly #files: BundleFiles;
  readonly #plan: PlanText;

  readonly model: ModelFacts;

  private constructor(instance: Instance, files: BundleFiles, model: ModelFacts, plan: PlanText) {
    this.#instance = instance;
    this.#files = files;
    this.model = model;
    this.#plan = plan;
  }

  /** @internal */
  static async open(instance: Instance, files: BundleFiles): Promise<StoredBundle> {
    try {
      const model = await instance.open();
      await files.note(false);
      const plan = JSON.parse(await files.text(`plan-${model.profile}.json`)) as PlanText;
      return new StoredBundle(instance, files, model, plan);
    } catch (problem) {
      instance.close();
      throw files.failure ?? problem;
    }
  }

  get address(): string {
    return this.#files.name;
  }

  get slow(): readonly SlowPath[] {
    return this.#instance.slow;
  }

  memoryPlan(): MemoryPlan {
    return memoryPlanOf(this.#plan);
  }

  async kernelSource(name: string): Promise<string> {
    return this.#files.text(kernelFile(this.#plan, name));
  }

  async load(options: LoadOptions = {}): Promise<Engine> {
    try {
      options.signal?.throwIfAborted();
      await this.#files.begin(options, weightFiles(this.#plan));
      await this.#instance.load();
      // Another tab may have deleted it meanwhile.
      await this.#files.note(true);
      return new LocalEngine(this.#instance, this.model, this.memoryPlan(), () => this.#reload(options));
    } catch (problem) {
      this.#instance.close();
      options.signal?.throwIfAborted();
      throw asQuernError(this.#files.failure ?? problem);
    }
  }

  /** Brings the model to another device: what is kept here is not fetched again. */
  async #reload({ onProgress }: LoadOptions): Promise<void> {
    onProgress?.({ phase: 'recover', loaded: 0, total: 1, text: 'the device was lost: opening it again' });
    await this.#files.begin(onProgress ? { onProgress } : {}, weightFiles(this.#plan));
    await this.#instance.open();
    await this.#instance.load();
    onProgress?.({ phase: 'recover', loaded: 1, total: 1, text: 'the device is open again' });
  }
}

/** What a plan will take on the device. */
export function memoryPlanOf(plan: PlanText): MemoryPlan {
  const sum = (parts: ReadonlyArray<{ bytes: number }>) => parts.reduce((total, part) => total + part.bytes, 0);
  const { buffers, weights, kernels, memory } = plan;
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

/** The name of the file that holds a kernel's WGSL. */
export function kernelFile(plan: PlanText, name: string): string {
  const kernel = plan.kernels.find((candidate) => candidate.name === name);
  if (!kernel) {
    throw new QuernError('request', `The plan has no kernel named ${name}.`);
  }
  return kernel.file;
}

/** The names of the files that hold a plan's weights. */
function weightFiles(plan: PlanText): string[] {
  const numbers = plan.weights.flatMap((weight) => weight.segments.map(([file]) => file));
  return [...new Set(numbers)].map((file) => `weights/${String(file).padStart(3, '0')}.bin`);
}
