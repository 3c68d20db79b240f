import { type Reading, readFile, type RemoteFile } from './download.js';
import { QuernError } from './errors.js';
import { sha256 } from './hash.js';
import { Keeping, megabytes } from './keeping.js';
import { Unreachable } from './line.js';
import { type Origin, ServerFolder } from './origins.js';
import type { Patience } from './patience.js';
import { keptBytes, type PartStore } from './parts.js';
import { COMPILED_HERE, type ManifestText, notedModel, noteModel, sweep } from './records.js';
import type { BundleOptions, LoadOptions, Progress } from './types.js';

const MANIFEST = 'manifest.json';

/** The files of a bundle, each checked against its hash: on a server and kept in the store, or in the store alone. */
export class BundleFiles {
  /** Where the bundle is, for messages. */
  readonly name: string;
  readonly #manifest: Uint8Array<ArrayBuffer>;
  readonly #store: PartStore;
  readonly #remote: boolean;
  readonly #keeping: Keeping;
  readonly #patience: Patience | undefined;
  readonly #files = new Map<string, RemoteFile>();
  #options: LoadOptions = {};
  #counted = new Set<string>();
  readonly #used = new Set<string>();
  #fetched = 0;
  #waiting: string | undefined;
  #failure: unknown;

  /**
   * @param address of the bundle
   * @param origin where files come from that are not kept; without it they are kept or nowhere
   * @throws QuernError `bundle` if the manifest is not readable
   */
  constructor(
    address: string,
    origin: Origin | undefined,
    manifest: Uint8Array<ArrayBuffer>,
    store: PartStore,
    { keep, patience, onProgress, signal }: BundleOptions,
  ) {
    this.name = address;
    this.#remote = origin !== undefined;
    this.#keeping = new Keeping(address, keep);
    this.#patience = patience;
    this.#options = { ...(onProgress && { onProgress }), ...(signal && { signal }) };
    this.#manifest = manifest;
    this.#store = store;
    for (const { name, bytes, sha256 } of listed(manifest, address)) {
      const bring: RemoteFile['bring'] = origin && ((wanted, fetching) => origin.bring(name, wanted, fetching));
      this.#files.set(name, { ...(bring && { bring }), name: origin?.nameOf(name) ?? name, bytes, sha256 });
    }
  }

  /**
   * The files of a bundle on a server. Without a network, a bundle that was opened before is opened again by what is
   * kept of it.
   *
   * @param base the address of its folder, or of a zip
   * @param origin the files there
   * @throws QuernError `network` or `bundle`
   */
  static async fetched(
    base: URL,
    store: PartStore,
    options: BundleOptions,
    origin: Origin = new ServerFolder(base),
  ): Promise<BundleFiles> {
    await sweep(store);
    const noted = await notedModel(store, base.href);
    const before = noted && new TextEncoder().encode(noted.manifest);
    if (base.protocol === COMPILED_HERE) {
      if (!before || noted.needs !== undefined) {
        throw new QuernError(
          'bundle',
          before
            ? `${base.href} is only in part on this device. Open its model file again: that goes on.`
            : `${base.href} is not on this device any more. Open its model file again.`,
        );
      }
      return new BundleFiles(base.href, undefined, before, store, options);
    }
    const { onProgress, signal, patience } = options;
    const waiting = (what: string | undefined) =>
      what !== undefined && onProgress?.({ phase: 'fetch', loaded: 0, total: 1, text: what, waiting: what });
    // What is kept goes by the hashes in it, so it must be the latest. What is here already need not wait for a server
    // that is busy, or for a network that comes back.
    const fetching = { signal, waiting, patience: before ? { ...patience, tries: 1 } : patience };
    const manifest = await origin.whole(MANIFEST, fetching).catch((problem: unknown) => {
      if (before && problem instanceof Unreachable) {
        return before;
      }
      throw problem;
    });
    return new BundleFiles(base.href, origin, manifest, store, options);
  }

  /**
   * The files of a bundle in a zip that a person chose. What is kept of it is found again by its manifest.
   *
   * @throws QuernError `bundle`
   */
  static async chosen(origin: Origin, store: PartStore, options: BundleOptions): Promise<BundleFiles> {
    await sweep(store);
    const manifest = await origin.whole(MANIFEST, options);
    const address = `${COMPILED_HERE}//bundle-${(await sha256(manifest)).slice(0, 32)}/`;
    return new BundleFiles(address, origin, manifest, store, options);
  }

  /**
   * Notes the bundle among the models of this device; to be called when its manifest has turned out to be good. Once
   * loaded it is noted only if it still is: another tab may have deleted it.
   *
   * @param loaded whether all that loading needs has been read
   * @throws QuernError `bundle` if what is nowhere else was deleted, `quota` where there is no room and keeping is
   *   required
   */
  async note(loaded: boolean): Promise<void> {
    if (!this.#keeping.wanted) {
      return;
    }
    const before = await notedModel(this.#store, this.name);
    const used = loaded ? [...this.#used].sort() : before?.used;
    const manifest = new TextDecoder().decode(this.#manifest);
    const source = before?.source;
    const record = {
      address: this.name,
      opened: Date.now(),
      manifest,
      ...(used && { used }),
      ...(source !== undefined && { source }),
    };
    let noted = true;
    try {
      noted = await noteModel(this.#store, record, loaded || !this.#remote);
    } catch (problem) {
      this.#keeping.full(problem);
    }
    if (!noted && !loaded) {
      throw new QuernError(
        'bundle',
        `${this.name} was deleted from this device while it was opened. Open its model file again.`,
      );
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
    this.#waiting = undefined;
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
      patience: this.#patience,
      waiting: (what) => this.#wait(what),
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
    const waiting = this.#waiting;
    this.#options.onProgress?.({
      phase,
      loaded,
      total,
      text: waiting === undefined ? text : `${text}; ${waiting}`,
      ...(waiting !== undefined && { waiting }),
      ...(warning !== undefined && { warning }),
    });
  }

  #count(more: number): void {
    this.#fetched += more;
    this.#told();
  }

  #wait(what: string | undefined): void {
    if (what !== this.#waiting) {
      this.#waiting = what;
      this.#told();
    }
  }

  #told(): void {
    const total = [...this.#counted].reduce((sum, name) => sum + Math.max(0, this.size(name)), 0);
    this.progress('fetch', this.#fetched, Math.max(1, total));
  }
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
