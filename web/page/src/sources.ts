import { type OpenedBundle, openBundle, openModel, openWorkerBundle, QuernError, type RemoteOptions } from 'quern';
import workerAddress from '../../dist/worker.js?worker&url';

/** What a person has asked for: a compiled model by the address of its folder, or a model file. */
export type Source =
  | { readonly kind: 'bundle'; readonly address: string }
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'url'; readonly address: string };

/** What people call it before it is open. */
export function nameOf(source: Source): string {
  switch (source.kind) {
    case 'bundle':
      return 'the model';
    case 'file':
      return source.file.name;
    case 'url':
      return new URL(source.address).pathname.split('/').at(-1) ?? source.address;
  }
}

let running: Worker | undefined;

/** Whether a worker has answered; whether it has turned out that none will. */
let works = false;
let worksNot = false;

/**
 * Opens it in a worker, so that the page stays smooth; no weight is read. What was opened before is gone.
 *
 * @param withoutWorker is called where the browser starts no worker for this page: the model runs in the page itself
 */
export async function openSource(source: Source, options: RemoteOptions, withoutWorker: () => void): Promise<OpenedBundle> {
  running?.terminate();
  if (!worksNot) {
    try {
      const bundle = await openWorkerBundle(startWorker, source.kind === 'file' ? source.file : source.address, options);
      works = true;
      return bundle;
    } catch (problem) {
      works ||= problem instanceof QuernError && problem.kind !== 'worker_lost';
      if (works || options.signal?.aborted) {
        throw problem;
      }
      worksNot = true;
      withoutWorker();
    }
  }
  switch (source.kind) {
    case 'bundle':
      return openBundle(source.address, options);
    case 'file':
      return openModel(source.file, options);
    case 'url':
      return openModel(source.address, options);
  }
}

function startWorker(): Worker {
  const address = new URL(workerAddress, document.baseURI).href;
  const how = { type: 'module', name: 'quern' } as const;
  try {
    running = new Worker(address, how);
  } catch {
    // A page in a sandboxed frame has no origin, and starts only what it brings itself; that may load the rest. (From a blob it is no module, or not
    // safe enough for WebGPU.)
    running = new Worker(`data:text/javascript,${encodeURIComponent(`import ${JSON.stringify(address)};`)}`, how);
  }
  return running;
}
