import { bundleAddress } from './addresses.js';
import { keptBytes, openPartStore } from './parts.js';
import { deleteRecord, records, unique } from './records.js';
import { askToPersist, isPersisted, storageEstimate } from './site-data.js';
import type { KeptModel, StorageFacts } from './types.js';

/** The models of which something is kept on this device, by name. */
export async function models(): Promise<KeptModel[]> {
  const store = await openPartStore();
  const kept = await keptBytes(store);
  const found = [];
  for (const { address, opened, model, files, used, source, needs } of await records(store)) {
    const of = unique(files.filter(({ name }) => used?.includes(name) ?? true));
    const total_bytes = needs ?? of.reduce((sum, file) => sum + file.bytes, 0);
    const kept_bytes = of.reduce((sum, file) => sum + Math.min(file.bytes, kept.get(file.sha256) ?? 0), 0);
    if (needs !== undefined && kept_bytes === 0) {
      // Compiling it was begun, and nothing is packed.
      continue;
    }
    const { name, encoding, parameters } = model;
    found.push({
      address,
      name,
      encoding,
      parameters,
      opened,
      kept_bytes,
      total_bytes,
      unfinished: needs !== undefined,
      ...(source !== undefined && { source }),
    });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.opened - b.opened));
}

/**
 * Deletes a model from this device. Files that another model has too stay; tabs that have it loaded go on, and what a
 * tab is fetching of it is not kept.
 *
 * @param source its address
 * @returns whether something was noted of it
 */
export async function deleteModel(source: string | URL): Promise<boolean> {
  return deleteRecord(await openPartStore(), bundleAddress(source).href);
}

/** Where this page keeps models, and how much room the browser gives it. */
export async function storage(): Promise<StorageFacts> {
  const store = await openPartStore();
  const { quota, usage } = await storageEstimate();
  return {
    store: store.name,
    ...(quota !== undefined && { quota_bytes: quota }),
    ...(usage !== undefined && { used_bytes: usage }),
    persisted: await isPersisted(),
  };
}

/**
 * Asks the browser not to clear what is kept here when space runs short. Best called when the person has just asked for
 * a model; some browsers ask them.
 *
 * @returns whether the browser agreed
 */
export async function persistStorage(): Promise<boolean> {
  return askToPersist();
}
