import type { Engine, OpenedBundle } from './engine.js';
import { QuernError } from './errors.js';
import { isOurs, PROTOCOL, type Reply, type Request } from './protocol.js';
import { openRemote, type RemoteOptions } from './remote-engine.js';
import type { Channel } from './remote-session.js';
import type { LoadOptions } from './types.js';

/** A browser stops a service worker that hears nothing for about 30 seconds. */
const CALL_MS = 10_000;

/**
 * Opens a bundle in a service worker and brings it to the device there. Pages that open the same bundle share it, and
 * it stays while any of them is open. A browser may stop a service worker all the same: a request that was being
 * answered then fails with `worker_lost`, and the next one brings the model to the device again, from what is kept.
 *
 * @param registration of a script that calls `serveEngineFromServiceWorker()`, a module
 * @param source the address of a bundle's folder, relative to this page
 */
export async function createServiceWorkerEngine(
  registration: ServiceWorkerRegistration,
  source: string | URL,
  options: RemoteOptions & LoadOptions = {},
): Promise<Engine> {
  return (await openServiceWorkerBundle(registration, source, options)).load(options);
}

/** The first half of {@link createServiceWorkerEngine}: no weight is fetched. */
export async function openServiceWorkerBundle(
  registration: ServiceWorkerRegistration,
  source: string | URL,
  options: RemoteOptions = {},
): Promise<OpenedBundle> {
  await active(registration);
  return openRemote(() => connect(registration), source, options);
}

/** Waits for a service worker that is being installed. */
async function active(registration: ServiceWorkerRegistration): Promise<void> {
  const coming = registration.installing ?? registration.waiting;
  while (!registration.active) {
    if (!coming || coming.state === 'redundant') {
      throw new QuernError('worker_lost', 'The service worker could not be installed: its script failed.');
    }
    await new Promise((resolve) => coming.addEventListener('statechange', resolve, { once: true }));
  }
}

function connect(registration: ServiceWorkerRegistration): Channel {
  let session: string | undefined;
  let receive: ((event: MessageEvent<unknown>) => void) | undefined;
  let opened = false;
  const post = (request: Request) => {
    if (!registration.active) {
      throw new Error('the service worker is gone');
    }
    registration.active.postMessage(request);
  };
  // Keeps the worker alive, and tells when it was stopped and started again all the same. Number 0 is no request's.
  const call = () => session && post({ quern: PROTOCOL, session, id: 0, command: { type: 'ping' } });
  const calling = setInterval(call, CALL_MS);
  return {
    post: (request) => {
      session = request.session;
      post(request);
    },
    listen: (message, gone) => {
      receive = ({ data }) => {
        if (isOurs<Reply>(data) && data.session === session && data.id === 0 && data.type === 'value') {
          // While it is being opened a session is not known yet.
          if (data.value === true) {
            opened = true;
          } else if (opened) {
            gone(new QuernError('worker_lost', 'The browser stopped the service worker. Send the request again.'));
          }
        } else {
          message(data);
        }
      };
      navigator.serviceWorker.addEventListener('message', receive);
      navigator.serviceWorker.startMessages();
    },
    close: () => {
      clearInterval(calling);
      navigator.serviceWorker.removeEventListener('message', receive!);
    },
  };
}
