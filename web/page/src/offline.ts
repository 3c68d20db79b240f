/**
 * Has the page's files kept on this device by a service worker, so that the page opens without a network.
 *
 * @returns whether it will; browsers refuse in private windows, and to pages that do not come safely
 */
export async function keepPage(): Promise<boolean> {
  try {
    await navigator.serviceWorker.register('./service-worker.js', { scope: './' });
    await navigator.serviceWorker.ready;
    return true;
  } catch {
    return false;
  }
}
