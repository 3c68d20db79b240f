// What most tests in the browser begin with: a folder with bundles of tiny models, a server for it, a browser, and a
// page that has the package.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserPath, launch, serve } from './browser.mjs';
import { writeTinyModel } from './tiny-model.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** The command of this checkout. */
export const quern = join(here, '..', '..', 'quern');

/** Why tests in a browser are skipped, or false. In CI they never are. */
export const skip = browserPath || process.env.CI ? false : 'no Chromium is installed';

/** Compiles a tiny model into a bundle with the folder's name and the given one. */
export function compileTiny(folder, name = 'tiny', seed = undefined) {
  const model = join(folder, 'tiny.gguf');
  writeTinyModel(model, { seed });
  execFileSync(quern, ['compile', model, '-o', join(folder, name), '--profile', 'portable'], { stdio: 'ignore' });
}

/**
 * Sets a stage, to be struck by `close`. `make` fills the folder, which is served as `/bundles/`; the package is
 * `/quern/`.
 */
export async function setStage(make = compileTiny) {
  const folder = mkdtempSync(join(tmpdir(), 'quern-web-'));
  let server, browser;
  const close = async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true });
  };
  try {
    await make(folder);
    server = await serve({ '/quern/': join(here, '..', 'dist'), '/bundles/': folder, '/': here });
    browser = await launch();
    return { folder, server, browser, close };
  } catch (problem) {
    await close();
    throw problem;
  }
}

/** A page of the stage that has the package as `window.quern`. */
export async function openPage({ server, browser }, script, argument) {
  const page = await browser.context.newPage();
  if (script) await page.addInitScript(script, argument);
  await page.goto(`${server.url}/page.html`);
  await page.waitForFunction(() => document.title === 'ready');
  return page;
}
