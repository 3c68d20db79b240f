import { bundleAddress, isChosen, isModelFile, isZippedBundle } from './addresses.js';
import type { Engine, OpenedBundle } from './engine.js';
import { asQuernError } from './errors.js';
import { BundleFiles } from './files.js';
import { Instance } from './instance.js';
import { instantiate } from './module.js';
import { openSource } from './model-source.js';
import { openPartStore, type PartStore } from './parts.js';
import { StoredBundle } from './stored-bundle.js';
import type { AnySource, BundleOptions, EngineOptions, ModelOptions } from './types.js';
import { beginsZip, ZipOrigin } from './zip.js';

/** A model that is opened in this page. */
export type Bundle = OpenedBundle;

/**
 * Opens a bundle or a model file, and brings it to the device.
 *
 * @param source the address of a bundle: its folder, or a zip (it ends in `.quern`); the address of a GGUF file (it
 *   ends in `.gguf`); or either file, as a person chose it. Of a model that was split, the address of any of its files,
 *   or all of them
 */
export async function createEngine(source: AnySource, options: EngineOptions = {}): Promise<Engine> {
  return (await openAny(source, options)).load(options);
}

/** Opens a bundle or a model file, whatever it is. */
export async function openAny(source: AnySource, options: ModelOptions = {}): Promise<Bundle> {
  const one = Array.isArray(source) && source.length === 1 ? (source[0] as Blob) : source;
  if (one instanceof Blob) {
    return (await isZip(one)) ? openBundle(one, options) : openModel(one, options);
  }
  return isChosen(one) || isModelFile(one) ? openModel(one, options) : openBundle(one, options);
}

/** Opens a model file: see `compile.ts`, which is loaded when it is needed. */
export async function openModel(source: AnySource, options: ModelOptions = {}): Promise<Bundle> {
  return (await import('./compile.js')).openModel(source, options);
}

/**
 * Opens a bundle: reads its manifest, opens the device and chooses the plan that fits. No weight is fetched.
 *
 * @param source the address of a bundle, absolute or relative to the page: its folder, or a zip, which ends in
 *   `.quern`; or a zip that a person chose
 * @throws QuernError with a kind and a message for people
 */
export async function openBundle(source: string | URL | Blob, options: BundleOptions = {}): Promise<Bundle> {
  try {
    const [module, files] = await Promise.all([
      instantiate(options.target, options),
      openPartStore().then((store) => filesOf(source, store, options)),
    ]);
    return await StoredBundle.open(new Instance(module, files, options), files);
  } catch (problem) {
    options.signal?.throwIfAborted();
    throw asQuernError(problem);
  }
}

function filesOf(source: string | URL | Blob, store: PartStore, options: BundleOptions): Promise<BundleFiles> {
  const text = 'fetching the zip as a whole: its server sends no parts';
  const progress = (loaded: number, total: number) => options.onProgress?.({ phase: 'fetch', loaded, total, text });
  const zip = (file: Blob | URL, name: string) =>
    new ZipOrigin(name, (fetching) => openSource(file, { ...fetching, progress }));
  if (source instanceof Blob) {
    return BundleFiles.chosen(zip(source, (source as Partial<File>).name ?? 'The file'), store, options);
  }
  const address = bundleAddress(source);
  return isZippedBundle(address)
    ? BundleFiles.fetched(address, store, options, zip(address, address.href))
    : BundleFiles.fetched(address, store, options);
}

async function isZip(file: Blob): Promise<boolean> {
  try {
    return beginsZip(new Uint8Array(await file.slice(0, 4).arrayBuffer()));
  } catch {
    // Who reads it next says what is wrong with it.
    return false;
  }
}
