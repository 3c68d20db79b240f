import { type OpenedBundle, openWorkerBundle, type RemoteOptions } from 'quern';

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

/** Opens it in a worker, so that the page stays smooth; no weight is read. What was opened before is gone. */
export function openSource(source: Source, options: RemoteOptions): Promise<OpenedBundle> {
  running?.terminate();
  return openWorkerBundle(startWorker, source.kind === 'file' ? source.file : source.address, options);
}

function startWorker(): Worker {
  running = new Worker(new URL('../../dist/worker.js', import.meta.url), { type: 'module', name: 'quern' });
  return running;
}
