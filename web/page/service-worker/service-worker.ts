// Keeps the page's own files, so that it opens without a network. Models are none of its business: they are kept by
// their hashes elsewhere.
const worker = self as unknown as ServiceWorkerGlobalScope;

/** The page's files and a digest of them; the build fills both in. */
declare const PAGE_FILES: readonly string[];
declare const PAGE_VERSION: string;

/** Other pages of this origin keep theirs under other names. */
const PREFIX = `quern-page ${worker.registration.scope} `;
const NAME = PREFIX + PAGE_VERSION;

/** So long the server is waited for where the page is kept. */
const PATIENCE_MS = 3000;

worker.addEventListener('install', (event) => {
  event.waitUntil(keepAll().then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const file = fileOf(request.url);
  if (request.method !== 'GET' || file === undefined) {
    return;
  }
  event.respondWith(file === 'index.html' ? newest(request.url) : kept(request, file));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll(PAGE_FILES.map((file) => new Request(file, { cache: 'no-cache' })));
}

async function forgetOthers(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** Which of the page's files an address means; the folder itself means its index. */
function fileOf(address: string): string | undefined {
  const url = new URL(address);
  url.search = '';
  url.hash = '';
  if (!url.href.startsWith(worker.registration.scope)) {
    return undefined;
  }
  const path = url.href.slice(worker.registration.scope.length) || 'index.html';
  return PAGE_FILES.includes(path) ? path : undefined;
}

/** The names of these files tell their contents, so what is kept is right. */
async function kept(request: Request, file: string): Promise<Response> {
  return (await caches.match(file, { cacheName: NAME })) ?? fetch(request);
}

/** The page as the server has it now; without an answer, as it was kept. */
async function newest(address: string): Promise<Response> {
  const own = await caches.match('index.html', { cacheName: NAME });
  if (!own) {
    return fetch(address);
  }
  const given = new AbortController();
  const late = setTimeout(() => given.abort(), PATIENCE_MS);
  try {
    const response = await fetch(address, { cache: 'no-cache', signal: given.signal });
    return response.ok ? response : own;
  } catch {
    return own;
  } finally {
    clearTimeout(late);
  }
}
