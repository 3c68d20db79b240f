// The worker's script as a user would write it.
import { serveEngine } from '/quern/index.js';

serveEngine();
