import { activeServiceWorker } from '../../dist/site-data.js';

/**
 * Has the page's files kept on this device by a service worker, so that the page opens without a network.
 *
 * @returns whether it will; browsers refuse in private windows, in sandboxed frames, and to pages that do not come
 *   safely
 */
export function keepPage(): Promise<boolean> {
  return activeServiceWorker('./service-worker.js', './');
}
