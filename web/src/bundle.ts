import { bundleAddress, isModelFile } from './addresses.js';
import type { Engine, OpenedBundle } from './engine.js';
import { asQuernError } from './errors.js';
import { BundleFiles } from './files.js';
import { Instance } from './instance.js';
import { instantiate } from './module.js';
import { openPartStore } from './parts.js';
import { StoredBundle } from './stored-bundle.js';
import type { BundleOptions, EngineOptions, ModelOptions } from './types.js';

/** A model that is opened in this page. */
export type Bundle = OpenedBundle;

/**
 * Opens a bundle or a model file, and brings it to the device.
 *
 * @param source the address of a bundle's folder; or a GGUF file that a person chose, or the address of one (it ends in `.gguf`)
 */
export async function createEngine(source: string | URL | Blob, options: EngineOptions = {}): Promise<Engine> {
  return (await openAny(source, options)).load(options);
}

/** Opens a bundle or a model file, whatever it is. */
export function openAny(source: string | URL | Blob, options: ModelOptions = {}): Promise<Bundle> {
  return source instanceof Blob || isModelFile(source) ? openModel(source, options) : openBundle(source, options);
}

/** Opens a model file: see `compile.ts`, which is loaded when it is needed. */
export async function openModel(source: string | URL | Blob, options: ModelOptions = {}): Promise<Bundle> {
  return (await import('./compile.js')).openModel(source, options);
}

/**
 * Opens a bundle: reads its manifest, opens the device and chooses the plan that fits. No weight is fetched.
 *
 * @param source the address of a bundle's folder, absolute or relative to the page
 * @throws QuernError with a kind and a message for people
 */
export async function openBundle(source: string | URL, options: BundleOptions = {}): Promise<Bundle> {
  const base = bundleAddress(source);
  try {
    const [module, files] = await Promise.all([
      instantiate(options.target, options),
      openPartStore().then((store) => BundleFiles.fetched(base, store, options)),
    ]);
    return await StoredBundle.open(new Instance(module, files, options), files);
  } catch (problem) {
    options.signal?.throwIfAborted();
    throw asQuernError(problem);
  }
}
