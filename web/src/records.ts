import { sha256 } from './hash.js';
import { deleteParts, hashOfPart, type PartStore } from './parts.js';
import { locked } from './site-data.js';

/** A file as a manifest lists it. */
export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * What is noted of a model whose files are kept: with it the model is found again, opened without a network, and
 * deleted. It is noted before any of its files is kept, and no part is kept that no record lists: what is deleted stays
 * deleted, whoever is loading it.
 */
export interface ModelRecord {
  readonly address: string;
  /** When it was last opened, in milliseconds since 1970. */
  readonly opened: number;
  /** The text of its manifest. */
  readonly manifest: string;
  /**
   * The names of the files that loading has asked for, once it was loaded: a bundle may hold more, for other devices.
   */
  readonly used?: readonly string[];
  /** The address of the model file that it is compiled of, if it has one. */
  readonly source?: string;
  /** Bytes that it will have, as long as it is being compiled: its manifest lists what is packed so far. */
  readonly needs?: number;
}

/** What this package reads of a manifest. */
export interface ManifestText {
  readonly model: { readonly name: string; readonly encoding: string; readonly parameters: number };
  readonly files: readonly ListedFile[];
}

const PREFIX = 'model-';

/** Whoever adds parts shares it; whoever deletes, or says what may be kept, has it alone. */
const LOCK = 'quern-store';

/** The scheme of addresses of models that were compiled here: they lie in this device's store and nowhere else. */
export const COMPILED_HERE = 'quern:';

const sweeping = new WeakMap<PartStore, Promise<void>>();

/**
 * Notes a model; of what was noted at the same address before, files of no more use are deleted.
 *
 * @param known whether it is noted only if it is noted already: nobody has deleted it
 * @returns whether it is noted now
 * @throws what the store throws where it has no room
 */
export function noteModel(store: PartStore, record: ModelRecord, known: boolean): Promise<boolean> {
  return locked(LOCK, {}, async () => {
    const key = await recordKey(record.address);
    const before = read(await store.get(key));
    if (known && !before) {
      return false;
    }
    await store.put(key, new TextEncoder().encode(JSON.stringify(record)));
    if (before && before.manifest !== record.manifest) {
      await deleteUnneeded(store, before);
    }
    return true;
  });
}

/**
 * Deletes a model and the files that no other has. What is being fetched of it meanwhile finds no record and is not
 * kept.
 *
 * @returns whether something was noted of it
 */
export function deleteRecord(store: PartStore, address: string): Promise<boolean> {
  return locked(LOCK, {}, async () => {
    const key = await recordKey(address);
    const record = read(await store.get(key));
    await store.delete(key);
    if (record) {
      await deleteUnneeded(store, record);
    }
    return record !== undefined;
  });
}

/**
 * Keeps a part of a file, as long as the model that it is of is noted.
 *
 * @returns whether it is kept
 * @throws what the store throws where it has no room
 */
export function keepPart(
  store: PartStore,
  address: string,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return locked(LOCK, { alone: false }, async () => {
    const record = await notedModel(store, address);
    if (!record?.manifest.includes(hashOfPart(key) ?? key)) {
      return false;
    }
    await store.put(key, bytes);
    return true;
  });
}

/**
 * Deletes parts that no record lists: what a tab that was closed, or an older version of this package, has left. Once
 * for each page.
 */
export function sweep(store: PartStore): Promise<void> {
  let swept = sweeping.get(store);
  if (!swept) {
    swept = locked(LOCK, {}, async () => {
      const needed = await neededHashes(store);
      for (const { key } of await store.list()) {
        const hash = hashOfPart(key);
        if (hash !== undefined && !needed.has(hash)) {
          await store.delete(key);
        }
      }
    }).catch(() => undefined);
    sweeping.set(store, swept);
  }
  return swept;
}

/** What was noted of a model. */
export async function notedModel(store: PartStore, address: string): Promise<ModelRecord | undefined> {
  return read(await store.get(await recordKey(address)));
}

/** All that is noted, each with what its manifest says. */
export async function records(store: PartStore): Promise<Array<ModelRecord & ManifestText>> {
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

/** Each file once. */
export function unique(files: readonly ListedFile[]): readonly ListedFile[] {
  return [...new Map(files.map((file) => [file.sha256, file])).values()];
}

async function deleteUnneeded(store: PartStore, { manifest }: ModelRecord): Promise<void> {
  const needed = await neededHashes(store);
  for (const file of unique((JSON.parse(manifest) as ManifestText).files)) {
    if (!needed.has(file.sha256)) {
      await deleteParts(store, file);
    }
  }
}

async function neededHashes(store: PartStore): Promise<Set<string>> {
  return new Set((await records(store)).flatMap((record) => record.files.map((file) => file.sha256)));
}

function read(bytes: Uint8Array | undefined): ModelRecord | undefined {
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as ModelRecord);
}

async function recordKey(address: string): Promise<string> {
  return PREFIX + (await sha256(new TextEncoder().encode(address)));
}
