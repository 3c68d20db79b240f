import { models, type OpenedBundle, openWorkerBundle, QuernError, type RemoteOptions } from 'quern';
import { openAny } from '../../dist/bundle.js';
import workerAddress from '../../dist/worker.js?worker&url';

/** What a person has asked for: a compiled model or a model file, by its address, or as a file; or all of its files. */
export type Source =
  | { readonly kind: 'bundle'; readonly address: string }
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'url'; readonly address: string };

/** A model that is opened, and what ends it as long as it is not loaded. */
export interface Opened {
  readonly bundle: OpenedBundle;
  discard(): void;
}

/** What people call it before it is open. */
export function nameOf(source: Source): string {
  switch (source.kind) {
    case 'bundle':
      return 'the model';
    case 'files':
      return source.files[0]?.name ?? 'the model';
    case 'url':
      return new URL(source.address).pathname.split('/').at(-1) ?? source.address;
  }
}

/** Whether it has to be compiled first. */
export function isCompiled(source: Source): boolean {
  return source.kind === 'bundle' || /\.quern$/i.test(nameOf(source));
}

/** Bytes of a model that are not on this device yet, about. */
export async function bytesToFetch(bundle: OpenedBundle): Promise<number> {
  const known = (await models()).find((model) => model.address === bundle.address);
  return known ? known.total_bytes - known.kept_bytes : bundle.memoryPlan().memory.weight_bytes;
}

/** Whether reading it costs no one anything. */
export function isThisMachine(source: Source): boolean {
  if (source.kind === 'files') {
    return true;
  }
  const { protocol, hostname } = new URL(source.address, document.baseURI);
  return !protocol.startsWith('http') || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** Whether a worker has answered; whether it has turned out that none will. */
let works = false;
let worksNot = false;

/**
 * Opens it in a worker of its own, so that the page stays smooth; no weight is read.
 *
 * @param withoutWorker is called where the browser starts no worker for this page: the model runs in the page itself
 */
export async function openSource(source: Source, options: RemoteOptions, withoutWorker: () => void): Promise<Opened> {
  const what = source.kind === 'files' ? source.files : source.address;
  if (!worksNot) {
    const workers: Worker[] = [];
    const start = () => {
      const worker = startWorker();
      workers.push(worker);
      return worker;
    };
    try {
      const bundle = await openWorkerBundle(start, what, options);
      works = true;
      return { bundle, discard: () => workers.forEach((worker) => worker.terminate()) };
    } catch (problem) {
      works ||= problem instanceof QuernError && problem.kind !== 'worker_lost';
      if (works || options.signal?.aborted) {
        throw problem;
      }
      worksNot = true;
      withoutWorker();
    }
  }
  return { bundle: await openAny(what, options), discard: () => undefined };
}

function startWorker(): Worker {
  const address = new URL(workerAddress, document.baseURI).href;
  const how = { type: 'module', name: 'quern' } as const;
  try {
    return new Worker(address, how);
  } catch {
    // A page in a sandboxed frame has no origin, and starts only what it brings itself; that may load the rest. (From a
    // blob it is no module, or not safe enough for WebGPU.)
    return new Worker(`data:text/javascript,${encodeURIComponent(`import ${JSON.stringify(address)};`)}`, how);
  }
}
