// What browsers keep for a site, and what goes with it: all that this package and its page use of it is asked for here.
// A page may have none of it (cookies are blocked; it lies in a sandboxed frame), and then even looking at a property
// can throw. Nothing here throws for that.

/** The folder of that name in the origin's private file system, if files can be written there. */
export async function privateFolder(name: string): Promise<FileSystemDirectoryHandle | undefined> {
  return orNothing(async () => {
    // Where files cannot be written this way in a page, they are not in its workers either: both must find the same.
    if (!('createWritable' in FileSystemFileHandle.prototype)) {
      return undefined;
    }
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle(name, { create: true });
  });
}

/** The cache of that name. */
export async function cacheNamed(name: string): Promise<Cache | undefined> {
  return orNothing(() => caches.open(name));
}

/** What the browser allows this origin and what of it is used, as far as it tells. */
export async function storageEstimate(): Promise<StorageEstimate> {
  return (await orNothing(() => navigator.storage.estimate())) ?? {};
}

/** Whether the browser has agreed not to clear what is kept. */
export async function isPersisted(): Promise<boolean> {
  return (await orNothing(() => navigator.storage.persisted())) ?? false;
}

/** Asks the browser not to clear what is kept; whether it agreed. */
export async function askToPersist(): Promise<boolean> {
  return (await orNothing(() => navigator.storage.persist())) ?? false;
}

/** How a lock is asked for. */
export interface Locking {
  /** Whether nobody else may have it meanwhile, not even to share it. */
  readonly alone?: boolean;
  /** Ends the wait for it. */
  readonly signal?: AbortSignal | undefined;
}

/** Works while it holds a lock of the origin. Where there are no locks there is nothing that tabs share. */
export async function locked<T>(name: string, { alone = true, signal }: Locking, work: () => Promise<T>): Promise<T> {
  let begun = false;
  let result!: T;
  try {
    await navigator.locks.request(
      name,
      { mode: alone ? 'exclusive' : 'shared', ...(signal && { signal }) },
      async () => {
        begun = true;
        result = await work();
      },
    );
    return result;
  } catch (problem) {
    if (begun || signal?.aborted) {
      throw problem;
    }
    return work();
  }
}

/** What a page has noted for itself under that name. */
export function noted(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Notes something for the next visit, where that is possible. */
export function note(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // It is as it is until the page is closed.
  }
}

/** Shows another address of this page, so that a reload opens the same. */
export function showAddress(address: URL): void {
  try {
    history.replaceState(undefined, '', address);
  } catch {
    // A sandboxed frame keeps the address that it was given.
  }
}

/** Registers a service worker and waits until it is active; whether it is. */
export async function activeServiceWorker(script: string, scope: string): Promise<boolean> {
  const registration = await orNothing(async () => {
    await navigator.serviceWorker.register(script, { scope });
    return navigator.serviceWorker.ready;
  });
  return registration !== undefined;
}

async function orNothing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch {
    return undefined;
  }
}
