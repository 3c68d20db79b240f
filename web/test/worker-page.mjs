// The worker's script as a user would write it; it breaks when it is told to.
import { serveEngine } from '/quern/index.js';

serveEngine();
addEventListener('message', ({ data }) => {
  if (data === 'break') {
    throw new Error('broken as told');
  }
});
