// A service worker that runs engines and does nothing else. It must lie at or above the pages that use it, or be
// imported by a script that does.
import { serveEngineFromServiceWorker } from './serve-service-worker.js';

serveEngineFromServiceWorker();
