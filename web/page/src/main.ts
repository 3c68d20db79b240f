// The page: opens the model that lies beside it, or asks for one, and talks with it.
import { models } from 'quern';
import { dropping } from './models.js';
import { keepPage } from './offline.js';
import { framed, panel, themes } from './panels.js';
import { askedFor, BESIDE } from './places.js';
import { Session } from './session.js';
import { Settings } from './settings.js';

/** So long the server is waited for to say whether a model lies beside the page. */
const PATIENCE_MS = 15_000;

themes();
const session = new Session(new Settings(framed('settings', 'Settings')));
panel('open-models', 'models', () => session.refresh());
panel('open-chats', 'chats', () => session.refresh());
panel('open-settings', 'settings');
panel('open-inside', 'inside');
dropping((source) => void session.open(source));
void begin();
void keepPage();

async function begin(): Promise<void> {
  const { bundle, chat } = askedFor();
  if (chat !== undefined) {
    await session.restore(chat);
  }
  if (bundle !== undefined || (await isBeside())) {
    await session.open({ kind: 'bundle', address: bundle ?? BESIDE });
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
  const response = await fetch(new URL('manifest.json', address), {
    method: 'HEAD',
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => undefined);
  // Without an answer the one who opens it says best what is wrong.
  return response?.status !== 404;
}
