// The page as a person uses it: exported as a folder, opened in a browser, by mouse, by keyboard and without a network.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browserPath, launch, serve } from './browser.mjs';
import { writeTinyModel } from './tiny-model.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const quern = join(here, '..', '..', 'quern');
const skip = browserPath || process.env.CI ? false : 'no Chromium is installed';

let folder, server, browser, page;
const problems = [];

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-site-'));
  writeTinyModel(join(folder, 'tiny.gguf'));
  execFileSync(quern, ['export-web', join(folder, 'tiny.gguf'), '-o', join(folder, 'site')], { stdio: 'ignore' });
  // Under a folder of its own, as on a host that serves other things too.
  server = await serve({ '/models/tiny/': join(folder, 'site') });
  browser = await launch();
  page = await browser.context.newPage();
  page.on('pageerror', (problem) => problems.push(problem.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.addInitScript(() => {
    if (!localStorage.getItem('quern-settings')) {
      localStorage.setItem('quern-settings', JSON.stringify({ max_tokens: 16, temperature: 0 }));
    }
  });
  await page.goto(`${server.url}/models/tiny/index.html`);
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

const field = () => page.getByRole('textbox', { name: 'Message' });
const log = () => page.getByRole('log', { name: 'Conversation' });
const send = () => page.getByRole('button', { name: 'Send' });

async function answered(count) {
  await page.waitForFunction((wanted) => document.querySelectorAll('.figures').length === wanted, count);
  return log().locator('.message.assistant').last();
}

test('a message is answered, with what it cost', { skip }, async () => {
  await page.waitForFunction(() => !document.getElementById('message').disabled);
  await field().fill('hello');
  await send().click();
  const answer = await answered(1);
  assert.match(await answer.innerText(), /16 tokens at [\d.]+ a second/);
  assert.equal(await log().locator('.message.user').innerText(), 'hello');
});

test('the keyboard alone does it, and the conversation goes on where it was', { skip }, async () => {
  await page.keyboard.type('and now?');
  await page.keyboard.press('Enter');
  const answer = await answered(2);
  // The first exchange is not read again.
  const [, read, all] = /(\d+) of (\d+) prompt tokens read/.exec(await answer.innerText());
  assert.ok(Number(read) < Number(all), `${read} of ${all} were read`);
});

test('an answer is made again, stopped, and forgotten', { skip }, async () => {
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await answered(2);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('slider', { name: 'Most tokens of an answer' }).fill('2048');
  await page.getByRole('button', { name: 'Settings' }).click();
  await field().fill('long');
  await field().press('Enter');
  await page.getByRole('button', { name: 'Stop' }).click();
  await send().waitFor();
  await page.getByRole('button', { name: 'New chat' }).click();
  assert.equal(await log().innerText(), '');
});

test('the memory plan is drawn and the kernels are there to read', { skip }, async () => {
  await page.getByRole('button', { name: 'Inside' }).click();
  const inside = page.getByRole('complementary', { name: 'Inside the model' });
  assert.match(await inside.getByRole('img').first().getAttribute('aria-label'), /values in .* over \d+ steps/);
  await inside.locator('summary').first().click();
  await inside.locator('pre', { hasText: '@compute' }).first().waitFor();
});

test('nothing went wrong on the way', { skip }, () => {
  assert.deepEqual(problems, []);
});
