import type { Engine, OpenedBundle } from './engine.js';
import { QuernError } from './errors.js';
import { openRemote, type RemoteOptions } from './remote-engine.js';
import type { Channel } from './remote-session.js';
import type { AnySource, LoadOptions } from './types.js';

/** A worker, or what starts one. With a function, a worker that broke is replaced by another. */
export type WorkerSource = Worker | (() => Worker);

/**
 * Opens a bundle in a worker and brings it to the device there: the page stays smooth whatever the model does.
 *
 * @param worker runs the package's `quern/worker`, or a module that calls `serveEngine()`
 * @param source the address of a bundle's folder, relative to this page
 */
export async function createWorkerEngine(
  worker: WorkerSource,
  source: AnySource,
  options: RemoteOptions & LoadOptions = {},
): Promise<Engine> {
  return (await openWorkerBundle(worker, source, options)).load(options);
}

/** The first half of {@link createWorkerEngine}: no weight is fetched. */
export function openWorkerBundle(
  worker: WorkerSource,
  source: AnySource,
  options: RemoteOptions = {},
): Promise<OpenedBundle> {
  return openRemote(connector(worker), source, options);
}

/** Connects as often as there is a worker: one that was given and broke is all that there was. */
function connector(from: WorkerSource): () => Channel {
  if (typeof from === 'function') {
    return () => connect(from(), true, () => undefined);
  }
  let broken: QuernError | undefined;
  return () => {
    if (broken) {
      throw broken;
    }
    return connect(from, false, (problem) => (broken = problem));
  };
}

function connect(worker: Worker, started: boolean, broke: (problem: QuernError) => void): Channel {
  let message: ((event: MessageEvent<unknown>) => void) | undefined;
  let failed: ((event: ErrorEvent) => void) | undefined;
  return {
    post: (request) => worker.postMessage(request),
    listen: (receive, gone) => {
      message = ({ data }) => receive(data);
      failed = (event) => {
        const why = event.message ?? 'its script cannot be loaded; the server must offer it as JavaScript';
        const problem = new QuernError('worker_lost', `The worker failed: ${why}`);
        broke(problem);
        gone(problem);
      };
      worker.addEventListener('message', message);
      worker.addEventListener('error', failed);
    },
    close: () => {
      worker.removeEventListener('message', message!);
      worker.removeEventListener('error', failed!);
      // Who gave a worker may use it for other things.
      if (started) {
        worker.terminate();
      }
    },
  };
}
