// The service worker's script as a user would write it.
import { serveEngineFromServiceWorker } from '/quern/index.js';

serveEngineFromServiceWorker();
