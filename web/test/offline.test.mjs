// The page without a network: its own files are kept by a service worker, the model by its hashes; both from a folder
// of any static host.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, serve } from './browser.mjs';
import { quern, skip } from './stage.mjs';
import { writeTinyModel } from './tiny-model.mjs';
import { answered, becomes, ready } from './visitor.mjs';

let folder, site, server, browser, page;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-offline-'));
  site = join(folder, 'site');
  writeTinyModel(join(folder, 'tiny.gguf'));
  execFileSync(quern, ['export-web', join(folder, 'tiny.gguf'), '-o', site], { stdio: 'ignore' });
  server = await serve({ '/some/where/': site });
  browser = await launch();
  page = await browser.context.newPage();
  await page.addInitScript(() =>
    localStorage.setItem('quern-settings', JSON.stringify({ max_tokens: 16, temperature: 0 })),
  );
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

async function answer() {
  // What was said before is there again.
  await ready(page);
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('hello');
  await page.getByRole('button', { name: 'Send' }).click();
  await answered(page, 1);
  return page.getByRole('log', { name: 'Conversation' }).locator('.message.assistant .text').innerText();
}

const version = () => page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('quern-page ')));

test('what was loaded once answers with the server gone', { skip }, async () => {
  await page.goto(`${server.url}/some/where/index.html`);
  const first = await answer();
  assert.ok(first.length > 0);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  const { url } = server;
  await server.close();
  server = undefined;
  await page.reload();
  assert.equal(await answer(), first);
  // The folder is the page too.
  await page.goto(`${url}/some/where/`);
  assert.equal(await answer(), first);
  server = await serve({ '/some/where/': site }, Number(new URL(url).port));
});

test('another version of the page is there at the next visit, and the old one is forgotten', { skip }, async () => {
  await page.goto(`${server.url}/some/where/`);
  const [before, ...others] = await version();
  assert.deepEqual(others, []);
  // As another build would: a script of another name, and a service worker that knows it.
  const [script] = readdirSync(join(site, 'assets')).filter((name) => /^index-.*\.js$/.test(name));
  renameSync(join(site, 'assets', script), join(site, 'assets', 'index-next.js'));
  for (const name of ['index.html', 'service-worker.js']) {
    const file = join(site, name);
    const text = readFileSync(file, 'utf8').replaceAll(script, 'index-next.js');
    writeFileSync(
      file,
      text.replace(/PAGE_VERSION = "[^"]*"/, 'PAGE_VERSION = "next"').replace('<title>Quern', '<title>New Quern'),
    );
  }
  await page.goto(`${server.url}/some/where/`);
  assert.equal(await page.locator('script[src*="index-next"]').count(), 1);
  await becomes(async () => (await version()).map((name) => name.endsWith(' next')), [true]);
  assert.ok(!(await version()).includes(before));
  assert.ok((await answer()).length > 0);
});

test('two pages of one host keep their files apart', { skip }, async () => {
  cpSync(site, join(folder, 'other'), { recursive: true });
  await server.close();
  server = await serve(
    { '/some/where/': site, '/elsewhere/': join(folder, 'other') },
    Number(new URL(server.url).port),
  );
  await page.goto(`${server.url}/elsewhere/`);
  assert.ok((await answer()).length > 0);
  await becomes(async () => (await version()).length, 2);
});
