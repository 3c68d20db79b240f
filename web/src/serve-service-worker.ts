import { isOurs, type Request } from './protocol.js';
import { Server } from './serve.js';

/** What this file needs of a service worker's own types, which are not those of a page. */
interface ServiceWorkerScope {
  readonly clients: { get(id: string): Promise<unknown> };
  addEventListener(type: 'message', listener: (event: ServiceWorkerMessage) => void): void;
}

interface ServiceWorkerMessage {
  readonly data: unknown;
  readonly source: { readonly id: string; postMessage(message: unknown): void } | null;
  waitUntil(work: Promise<unknown>): void;
}

/**
 * Makes this service worker run engines for the pages of its origin; pages that want the same model share it. The
 * worker stays alive while a page that uses it is open, because that page calls now and then. The script must be a
 * module, and must call this when it is first run.
 */
export function serveEngineFromServiceWorker(): void {
  const scope = globalThis as unknown as ServiceWorkerScope;
  const server = new Server();
  const pages = new Map<string, string>();

  /** Pages go without a word. */
  async function releaseClosed(): Promise<void> {
    for (const session of server.sessions) {
      if (!(await scope.clients.get(pages.get(session) ?? ''))) {
        pages.delete(session);
        await server.release(session);
      }
    }
  }

  scope.addEventListener('message', (event) => {
    const { data, source } = event;
    if (source && isOurs<Request>(data)) {
      pages.set(data.session, source.id);
      const before = data.command.type === 'open' ? releaseClosed() : Promise.resolve();
      event.waitUntil(before.then(() => server.handle(data, (reply) => source.postMessage(reply))));
    }
  });
}
