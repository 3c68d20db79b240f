import { showAddress } from '../../dist/site-data.js';

/** Where a bundle lies that comes with the page. */
export const BESIDE = './bundle/';

/** What the page's address says: which model, and which conversation. Reloading opens the same. */
export function askedFor(): { readonly bundle: string | undefined; readonly chat: string | undefined } {
  const asked = new URLSearchParams(location.search);
  return { bundle: asked.get('bundle') ?? undefined, chat: asked.get('chat') ?? undefined };
}

/** The address is that of a model now. */
export function showModel(address: string): void {
  show('bundle', address === new URL(BESIDE, document.baseURI).href ? undefined : address);
}

/** The address is that of a conversation now, or of none. */
export function showChat(id: string | undefined): void {
  show('chat', id);
}

function show(name: string, value: string | undefined): void {
  const here = new URL(location.href);
  here.searchParams.delete(name);
  if (value !== undefined) {
    here.searchParams.set(name, value);
  }
  if (here.href !== location.href) {
    showAddress(here);
  }
}
