// The settings of the page: what the person has set holds for every model; where they have set nothing, what the
// model's publishers advise; where those advise nothing, the defaults.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { launch, serve } from './browser.mjs';
import { scriptAnswers } from './scripted-worker.mjs';
import { quern, skip } from './stage.mjs';
import { writeTinyModel } from './tiny-model.mjs';
import { answered, drop, ready } from './visitor.mjs';

/** Those of docs/generating.md for chats. */
const DEFAULTS = { temperature: 0.7, top_p: 0.95, top_k: 40, min_p: 0.05 };
/** What `kept` advises, as the page is told it. */
const KEPT = { temperature: Math.fround(0.6), top_p: 1, top_k: 20, min_p: 0 };
/** What `dropped` advises. */
const DROPPED = { temperature: 0.7, top_p: Math.fround(0.9), top_k: 7, min_p: 0 };

let folder, server, browser, page;
const problems = [];

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-settings-'));
  writeTinyModel(join(folder, 'kept.gguf'), { sampling: { temp: 0.6, top_k: 20 } });
  writeTinyModel(join(folder, 'dropped.gguf'), { seed: 5, sampling: { top_p: 0.9, top_k: 7 } });
  writeTinyModel(join(folder, 'silent.gguf'), { seed: 6 });
  writeTinyModel(join(folder, 'repeating.gguf'), { seed: 7, sampling: { penalty_repeat: 1.25 } });
  execFileSync(quern, ['export-web', join(folder, 'kept.gguf'), '-o', join(folder, 'site')], { stdio: 'ignore' });
  server = await serve({ '/': join(folder, 'site') });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

// Every test begins as a first visit, with the bundle that lies beside the page.
beforeEach(async () => {
  if (skip) return;
  await page?.close();
  page = await browser.context.newPage();
  page.on('pageerror', (problem) => problems.push(problem.message));
  await page.addInitScript(scriptAnswers);
  await page.addInitScript(() => {
    // A reload is a second visit.
    if (!sessionStorage.getItem('visited')) localStorage.clear();
    sessionStorage.setItem('visited', 'yes');
  });
  await page.goto(`${server.url}/index.html`);
  await ready(page);
});

const slider = (name) => page.getByRole('slider', { name: new RegExp(`^${name}`) });
const shown = (name) => page.locator(`label[for=setting-${name}] output`).textContent();
const toggle = () => page.getByRole('button', { name: 'Settings' }).click();
const kept = () => page.evaluate(() => JSON.parse(localStorage.getItem('quern-settings')));
const word = () => page.getByText('What is marked as the model’s is as its publishers advise');

/** Opens a model file, which is compiled in the page. Beside the one that is open it is told how far it is. */
async function give(name) {
  await page.locator('#models input[type=file]').setInputFiles(join(folder, `${name}.gguf`));
  await page.locator('#next').waitFor({ state: 'hidden' });
}

/** What the model is asked with: the numbers of the settings. */
async function asked() {
  await page.evaluate(() => window.answers.push(['An answer']));
  const before = await page.locator('.figures').count();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('hello');
  await page.keyboard.press('Enter');
  await answered(page, before + 1);
  const request = await page.evaluate(() => window.sent.at(-1));
  return Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, request[name]]));
}

test('a bundle is asked as its publishers advise, and the panel says so', { skip }, async () => {
  assert.deepEqual(await asked(), KEPT);
  await toggle();
  assert.equal(await shown('temperature'), 'the model’s 0.6');
  assert.equal(await shown('top_k'), 'the model’s 20');
  assert.equal(await slider('Top k').inputValue(), '20');
  assert.equal(await slider('Top k').getAttribute('aria-valuetext'), 'the model’s 20');
  // What they leave open is off.
  assert.equal(await shown('top_p'), '1');
  assert.equal(await shown('min_p'), '0');
  assert.ok(await word().isVisible());
  await page.reload();
  await ready(page);
  assert.deepEqual(await asked(), KEPT);
});

test('so is a model file that is compiled in the page, now and at the next visit', { skip }, async () => {
  await give('dropped');
  await page.getByRole('region', { name: 'Model' }).getByText('Compiled here in').waitFor();
  assert.deepEqual(await asked(), DROPPED);
  await toggle();
  assert.equal(await shown('top_k'), 'the model’s 7');
  await page.reload();
  await ready(page);
  assert.match(await page.locator('#model').innerText(), /tiny/);
  assert.match(page.url(), /bundle=quern/);
  assert.deepEqual(await asked(), DROPPED);
});

test('a model that advises nothing has the defaults, one that advises other things no limit', { skip }, async () => {
  await give('silent');
  assert.deepEqual(await asked(), DEFAULTS);
  assert.equal(await shown('top_k'), '40');
  await toggle();
  assert.equal(await word().isVisible(), false);
  await toggle();
  await give('repeating');
  assert.deepEqual(await asked(), { temperature: 0.7, top_p: 1, top_k: 0, min_p: 0 });
});

test('what the person has set holds for every model, until it is set back', { skip }, async () => {
  await toggle();
  await slider('Top k').fill('9');
  await slider('Min p').fill('0.1');
  assert.equal(await shown('top_k'), '9');
  assert.deepEqual(await kept(), { top_k: 9, min_p: 0.1 });
  const own = { top_k: 9, min_p: 0.1 };
  assert.deepEqual(await asked(), { ...KEPT, ...own });
  for (const [name, others] of [
    ['dropped', DROPPED],
    ['silent', DEFAULTS],
  ]) {
    await give(name);
    assert.equal(await shown('top_k'), '9');
    assert.deepEqual(await asked(), { ...others, ...own });
  }
  await page.reload();
  await ready(page);
  assert.deepEqual(await asked(), { ...DEFAULTS, ...own });
  await give('dropped');
  await toggle();
  await page.getByRole('button', { name: 'Back to the defaults' }).click();
  assert.deepEqual(await kept(), {});
  assert.equal(await shown('top_k'), 'the model’s 7');
  assert.deepEqual(await asked(), DROPPED);
});

test('a model that comes leaves who writes a system prompt alone', { skip }, async () => {
  await toggle();
  const system = page.getByRole('textbox', { name: 'System prompt' });
  await system.fill('Be shrt.');
  await system.evaluate((field) => field.setSelectionRange(5, 5));
  await drop(page, { 'dropped.gguf': readFileSync(join(folder, 'dropped.gguf')) });
  await page.locator('#next').waitFor({ state: 'hidden' });
  await page.keyboard.type('o');
  assert.equal(await system.inputValue(), 'Be short.');
  assert.deepEqual(await kept(), { system: 'Be short.' });
  assert.equal(await shown('top_k'), 'the model’s 7');
});

test('nothing went wrong on the way', { skip }, () => {
  assert.deepEqual(problems, []);
});
