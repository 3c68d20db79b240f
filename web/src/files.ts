import { type Reading, readFile, type RemoteFile } from './download.js';
import { QuernError } from './errors.js';
import { Keeping, megabytes } from './keeping.js';
import { COMPILED_HERE, keptBytes, type ManifestText, notedModel, noteModel } from './models.js';
import type { PartStore } from './parts.js';
import type { BundleOptions, LoadOptions, Progress } from './types.js';

const MANIFEST = 'manifest.json';

/** The files of a bundle, each checked against its hash: on a server and kept in the store, or in the store alone. */
export class BundleFiles {
  /** Where the bundle is, for messages. */
  readonly name: string;
  readonly #manifest: Uint8Array<ArrayBuffer>;
  readonly #store: PartStore;
  readonly #keeping: Keeping;
  readonly #files = new Map<string, RemoteFile>();
  #options: LoadOptions = {};
  #counted = new Set<string>();
  readonly #used = new Set<string>();
  #fetched = 0;
  #failure: unknown;

  /**
   * @param address of the bundle's folder
   * @param remote whether files that are not kept can be fetched there
   * @throws QuernError `bundle` if the manifest is not readable
   */
  constructor(
    address: string,
    remote: boolean,
    manifest: Uint8Array<ArrayBuffer>,
    store: PartStore,
    keeping: Keeping = new Keeping(),
  ) {
    this.name = address;
    this.#manifest = manifest;
    this.#store = store;
    this.#keeping = keeping;
    for (const { name, bytes, sha256 } of listed(manifest, address)) {
      const url = new URL(name, address).href;
      this.#files.set(name, { ...(remote && { url }), name: remote ? url : name, bytes, sha256 });
    }
  }

  /**
   * The files of a bundle on a server. Without a network, a bundle that was opened before is opened again by what is kept of it.
   *
   * @param base the address of its folder
   * @throws QuernError `network` or `bundle`
   */
  static async fetched(base: URL, store: PartStore, options: BundleOptions): Promise<BundleFiles> {
    const keeping = new Keeping(options.keep);
    if (base.protocol === COMPILED_HERE) {
      return BundleFiles.#compiledHere(base, store, keeping);
    }
    const manifest = await fetchManifest(base, options.signal).catch(async (problem: unknown) => {
      const noted = problem instanceof Unreachable ? await notedModel(store, base.href) : undefined;
      if (!noted) {
        throw problem;
      }
      return new TextEncoder().encode(noted.manifest);
    });
    return new BundleFiles(base.href, true, manifest, store, keeping);
  }

  /** A bundle that was compiled on this device. */
  static async #compiledHere(base: URL, store: PartStore, keeping: Keeping): Promise<BundleFiles> {
    const noted = await notedModel(store, base.href);
    if (!noted) {
      throw new QuernError('bundle', `${base.href} is not on this device any more. Open its model file again.`);
    }
    return new BundleFiles(base.href, false, new TextEncoder().encode(noted.manifest), store, keeping);
  }

  /**
   * Notes the bundle among the models of this device; to be called when its manifest has turned out to be good.
   *
   * @param loaded whether all that loading needs has been read
   */
  async note(loaded: boolean): Promise<void> {
    if (this.#keeping.wanted) {
      const known = loaded ? undefined : (await notedModel(this.#store, this.name))?.used;
      const used = loaded ? [...this.#used].sort() : known;
      const manifest = new TextDecoder().decode(this.#manifest);
      await noteModel(this.#store, { address: this.name, opened: Date.now(), manifest, ...(used && { used }) });
    }
  }

  /** What went wrong with a file last, in this package's own words. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Prepares for reading files that are counted; from now on progress and abortion are this caller's.
   *
   * @throws QuernError `quota` if the browser has no room and keeping is required
   */
  async begin(options: LoadOptions, counted: Iterable<string>): Promise<void> {
    this.#options = options;
    this.#counted = new Set(counted);
    this.#fetched = 0;
    this.#failure = undefined;
    const kept = await keptBytes(this.#store);
    const missing = [...this.#counted].map((name) => {
      const file = this.#files.get(name);
      return file ? Math.max(0, file.bytes - (kept.get(file.sha256) ?? 0)) : 0;
    });
    await this.#keeping.ask(missing.reduce((sum, bytes) => sum + bytes, 0));
  }

  /** Counts from the beginning again: all weights are read once more. */
  rewind(): void {
    this.#fetched = 0;
  }

  has(name: string): boolean {
    return name === MANIFEST || this.#files.has(name);
  }

  size(name: string): number {
    return name === MANIFEST ? this.#manifest.byteLength : (this.#files.get(name)?.bytes ?? -1);
  }

  /** A file; its bytes match the hash that the manifest tells. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#files.get(name);
    if (!file) {
      return this.#manifest;
    }
    this.#used.add(name);
    const reading: Reading = {
      keeping: this.#keeping,
      signal: this.#options.signal,
      progress: this.#counted.has(name) ? (more) => this.#count(more) : undefined,
    };
    try {
      return await readFile(this.#store, file, reading);
    } catch (problem) {
      this.#failure = problem;
      throw problem;
    }
  }

  async text(name: string): Promise<string> {
    return new TextDecoder().decode(await this.read(name));
  }

  progress(phase: Progress['phase'], loaded: number, total: number): void {
    const text =
      phase === 'pipelines'
        ? `${loaded} of ${total} kernels compiled`
        : phase === 'weights'
          ? `${megabytes(loaded)} of ${megabytes(total)} MB on the device`
          : `${megabytes(loaded)} of ${megabytes(total)} MB read`;
    const { warning } = this.#keeping;
    this.#options.onProgress?.({ phase, loaded, total, text, ...(warning !== undefined && { warning }) });
  }

  #count(more: number): void {
    this.#fetched += more;
    const total = [...this.#counted].reduce((sum, name) => sum + Math.max(0, this.size(name)), 0);
    this.progress('fetch', this.#fetched, total);
  }
}

/** The server did not answer at all. */
class Unreachable extends QuernError {}

async function fetchManifest(base: URL, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(MANIFEST, base);
  // What is kept goes by the hashes in it, so it must be the server's latest.
  const response = await fetch(url, { cache: 'no-cache', ...(signal && { signal }) }).catch((problem: unknown) => {
    signal?.throwIfAborted();
    throw new Unreachable('network', `${url.href} cannot be fetched: ${(problem as Error).message}`, { cause: problem });
  });
  if (!response.ok) {
    throw new QuernError('network', `${url.href} cannot be fetched: the server answered ${response.status}.`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

function listed(manifest: Uint8Array, address: string): ManifestText['files'] {
  try {
    return (JSON.parse(new TextDecoder().decode(manifest)) as ManifestText).files.map((file) => ({ ...file }));
  } catch (problem) {
    throw new QuernError('bundle', `${address} is not a bundle: its ${MANIFEST} is not readable.`, {
      cause: problem,
    });
  }
}
