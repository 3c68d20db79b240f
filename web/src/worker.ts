// A worker that runs an engine: new Worker(new URL('quern/worker', import.meta.url), { type: 'module' }).
import { serveEngine } from './serve.js';

serveEngine();
