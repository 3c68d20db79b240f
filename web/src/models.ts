import { forget, sha256 } from './download.js';
import { openPartStore, type PartStore } from './parts.js';
import type { KeptModel, StorageFacts } from './types.js';

/** A file as a manifest lists it. */
export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What is noted of a model whose files are kept: with it the model is found again, opened without a network, and deleted. */
export interface ModelRecord {
  readonly address: string;
  /** When it was last opened, in milliseconds since 1970. */
  readonly opened: number;
  /** The text of its manifest. */
  readonly manifest: string;
  /** The names of the files that loading has asked for, once it was loaded: a bundle may hold more, for other devices. */
  readonly used?: readonly string[];
}

/** What this package reads of a manifest. */
export interface ManifestText {
  readonly model: { readonly name: string; readonly encoding: string; readonly parameters: number };
  readonly files: readonly ListedFile[];
}

const PREFIX = 'model-';

/** The scheme of addresses of models that were compiled here: they lie in this device's store and nowhere else. */
export const COMPILED_HERE = 'quern:';

/** The address of a bundle's folder, whole and ending in a slash. Relative ones are seen from the page, or from the worker's script. */
export function bundleAddress(source: string | URL): URL {
  return absolute(String(source).replace(/\/?$/, '/'));
}

/** The address of whatever a person has named: that of a model file as it is, that of a bundle's folder ending in a slash. */
export function sourceAddress(source: string | URL): URL {
  return isModelFile(source) ? absolute(source) : bundleAddress(source);
}

/** Whether an address is that of a model file, and not of a bundle. */
export function isModelFile(source: string | URL): boolean {
  return /\.gguf$/i.test(absolute(source).pathname);
}

function absolute(source: string | URL): URL {
  return new URL(String(source), globalThis.document?.baseURI ?? location.href);
}

/** The models of which something is kept on this device, by name. */
export async function models(): Promise<KeptModel[]> {
  const store = await openPartStore();
  const kept = await keptBytes(store);
  const found = [];
  for (const { address, opened, model, files, used } of await records(store)) {
    const of = unique(files.filter(({ name }) => used?.includes(name) ?? true));
    const total_bytes = of.reduce((sum, file) => sum + file.bytes, 0);
    const kept_bytes = of.reduce((sum, file) => sum + Math.min(file.bytes, kept.get(file.sha256) ?? 0), 0);
    const { name, encoding, parameters } = model;
    found.push({ address, name, encoding, parameters, opened, kept_bytes, total_bytes });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.opened - b.opened));
}

/**
 * Deletes a model from this device. Files that another model has too stay; tabs that have it loaded go on. A file that is being fetched is
 * waited for.
 *
 * @param source its address
 * @returns whether something was noted of it
 */
export async function deleteModel(source: string | URL): Promise<boolean> {
  const store = await openPartStore();
  const address = bundleAddress(source).href;
  const record = await notedModel(store, address);
  if (!record) {
    return false;
  }
  await store.delete(await recordKey(address));
  await forgetUnused(store, record);
  return true;
}

/** Where this page keeps models, and how much room the browser gives it. */
export async function storage(): Promise<StorageFacts> {
  const store = await openPartStore();
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return {
    store: store.name,
    ...(quota !== undefined && { quota_bytes: quota }),
    ...(usage !== undefined && { used_bytes: usage }),
    persisted: (await navigator.storage?.persisted?.().catch(() => false)) ?? false,
  };
}

/**
 * Asks the browser not to clear what is kept here when space runs short. Best called when the person has just asked for a model; some browsers
 * ask them.
 *
 * @returns whether the browser agreed
 */
export async function persistStorage(): Promise<boolean> {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}

/**
 * Notes a model; of another that was noted at the same address before, what is of no more use is deleted. Without room it is not noted, and
 * works all the same.
 */
export async function noteModel(store: PartStore, record: ModelRecord): Promise<void> {
  const before = await notedModel(store, record.address);
  try {
    await store.put(await recordKey(record.address), new TextEncoder().encode(JSON.stringify(record)));
  } catch {
    return;
  }
  if (before && before.manifest !== record.manifest) {
    await forgetUnused(store, before);
  }
}

/** Deletes the files of a model that is no longer noted, but for those that another needs. */
async function forgetUnused(store: PartStore, { manifest }: ModelRecord): Promise<void> {
  const needed = new Set((await records(store)).flatMap((record) => record.files.map((file) => file.sha256)));
  for (const file of unique((JSON.parse(manifest) as ManifestText).files)) {
    if (!needed.has(file.sha256)) {
      await forget(store, file);
    }
  }
}

/** What was noted of a model. */
export async function notedModel(store: PartStore, address: string): Promise<ModelRecord | undefined> {
  return read(await store.get(await recordKey(address)));
}

/** How many bytes of each file are kept, by its hash. */
export async function keptBytes(store: PartStore): Promise<Map<string, number>> {
  const kept = new Map<string, number>();
  for (const { key, bytes } of await store.list()) {
    const hash = key.slice(0, key.indexOf('.'));
    kept.set(hash, (kept.get(hash) ?? 0) + bytes);
  }
  return kept;
}

/** All that is noted, each with what its manifest says. */
async function records(store: PartStore): Promise<Array<ModelRecord & ManifestText>> {
  const found = [];
  for (const { key } of await store.list()) {
    const record = key.startsWith(PREFIX) ? read(await store.get(key)) : undefined;
    if (record) {
      const { model, files } = JSON.parse(record.manifest) as ManifestText;
      found.push({ ...record, model, files });
    }
  }
  return found;
}

function read(bytes: Uint8Array | undefined): ModelRecord | undefined {
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as ModelRecord);
}

async function recordKey(address: string): Promise<string> {
  return PREFIX + (await sha256(new TextEncoder().encode(address)));
}

function unique(files: readonly ListedFile[]): readonly ListedFile[] {
  return [...new Map(files.map((file) => [file.sha256, file])).values()];
}
