// The page: opens the model that lies beside it, or asks for one, and talks with it.
import { models } from 'quern';
import { element } from './elements.js';
import { dropping } from './models.js';
import { keepPage } from './offline.js';
import { panel, themes } from './panels.js';
import { BESIDE, Session } from './session.js';
import { Settings } from './settings.js';

/** So long the server is waited for to say whether a model lies beside the page. */
const PATIENCE_MS = 15_000;

themes();
const session = new Session(new Settings(element('settings', HTMLElement)));
panel('open-models', 'models', () => session.refresh());
panel('open-settings', 'settings');
panel('open-inside', 'inside');
dropping(
  (source) => void session.open(source),
  (problem) => session.refuse(problem),
);
void begin();
void keepPage();

async function begin(): Promise<void> {
  const asked = new URLSearchParams(location.search).get('bundle');
  if (asked !== null || (await isBeside())) {
    await session.open({ kind: 'bundle', address: asked ?? BESIDE });
  } else {
    session.choose();
  }
}

/** Whether a model came with the page: it is kept from an earlier visit, or the server has it. */
async function isBeside(): Promise<boolean> {
  const address = new URL(BESIDE, document.baseURI).href;
  if ((await models()).some((model) => model.address === address)) {
    return true;
  }
  const response = await fetch(new URL('manifest.json', address), { method: 'HEAD', signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => undefined);
  // Without an answer the one who opens it says best what is wrong.
  return response?.status !== 404;
}
