import type { AnySource } from './types.js';

/**
 * The address of a bundle, whole: of a folder, ending in a slash, or of a zip as it is. Relative ones are seen from the
 * page, or from the worker's script.
 */
export function bundleAddress(source: string | URL): URL {
  return isZippedBundle(source) ? absolute(source) : absolute(String(source).replace(/\/?$/, '/'));
}

/** Whether an address is that of a bundle in a zip. */
export function isZippedBundle(source: string | URL): boolean {
  return /\.quern$/i.test(absolute(source).pathname);
}

/** The address of whatever a person has named: that of a file as it is, that of a bundle's folder ending in a slash. */
export function sourceAddress(source: string | URL): URL {
  return isModelFile(source) ? absolute(source) : bundleAddress(source);
}

/** Whether an address is that of a model file, and not of a bundle. */
export function isModelFile(source: string | URL): boolean {
  return /\.gguf$/i.test(absolute(source).pathname);
}

/** Whether a person chose it on this machine, and did not name an address. */
export function isChosen(source: AnySource): source is Blob | readonly Blob[] {
  return source instanceof Blob || Array.isArray(source);
}

function absolute(source: string | URL): URL {
  return new URL(String(source), globalThis.document?.baseURI ?? location.href);
}
