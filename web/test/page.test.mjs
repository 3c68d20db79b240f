// The page as a person uses it: exported as a folder, opened in a browser, by mouse, by keyboard and without a network.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, serve } from './browser.mjs';
import { quern, skip } from './stage.mjs';
import { writeLargeKeyModel, writeSplitModel, writeTinyModel } from './tiny-model.mjs';
import { answered, drop, ready } from './visitor.mjs';

const here = dirname(fileURLToPath(import.meta.url));

let folder, server, browser, page;
const problems = [];

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-site-'));
  // With room for answers that take long enough to be stopped.
  writeTinyModel(join(folder, 'tiny.gguf'), { context: 4096 });
  execFileSync(quern, ['export-web', join(folder, 'tiny.gguf'), '-o', join(folder, 'site')], { stdio: 'ignore' });
  // Under a folder of its own, as on a host that serves other things too.
  const site = join(folder, 'site');
  cpSync(site, join(folder, 'bare'), { recursive: true });
  rmSync(join(folder, 'bare', 'bundle'), { recursive: true });
  server = await serve({ '/models/tiny/': site, '/bare/': join(folder, 'bare') });
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

async function answer(count) {
  await answered(page, count);
  return log().locator('.message.assistant').last();
}

test('a message is answered, with what it cost', { skip }, async () => {
  await field().fill('hello');
  await send().click();
  const first = await answer(1);
  assert.match(await first.innerText(), /16 tokens at [\d.]+ a second/);
  assert.equal(await log().locator('.message.user').innerText(), 'hello');
  // The browser's device is the processor, and what is slow is said.
  assert.match(await page.locator('#footnote').innerText(), /runs on the processor, which is slow/);
});

test('the keyboard alone does it, and the conversation goes on where it was', { skip }, async () => {
  await page.keyboard.type('and now?');
  await page.keyboard.press('Enter');
  const second = await answer(2);
  // The first exchange is not read again.
  const [, read, all] = /(\d+) of (\d+) prompt tokens read/.exec(await second.innerText());
  assert.ok(Number(read) < Number(all), `${read} of ${all} were read`);
});

test('an answer is made again, stopped, and forgotten', { skip }, async () => {
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await answer(2);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('slider', { name: 'Most tokens of an answer' }).fill('2048');
  await page.getByRole('button', { name: 'Settings' }).click();
  await field().fill('long');
  await field().press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.message.assistant').length === 3);
  await field().press('Escape');
  const stopped = await answer(3);
  assert.ok(Number(/(\d+) tokens at/.exec(await stopped.innerText())[1]) < 2048);
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await answer(3);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('slider', { name: 'Most tokens of an answer' }).fill('16');
  await page.getByRole('button', { name: 'Settings' }).click();
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

test('panels are opened, used and left by the keyboard', { skip }, async () => {
  await page.reload();
  // What is still loading would bring back what a later test deletes.
  await ready(page);
  await field().fill('x');
  await field().fill('');
  // Backwards from the message to the button of the settings, which is followed by the one for light and dark.
  const focused = () => page.evaluate(() => document.activeElement.id);
  for (let presses = 0; presses < 20 && (await focused()) !== 'open-settings'; presses++) {
    await page.keyboard.press('Shift+Tab');
  }
  await page.keyboard.press('Enter');
  const settings = page.getByRole('complementary', { name: 'Settings' });
  const system = settings.getByRole('textbox', { name: 'System prompt' });
  for (
    let presses = 0;
    presses < 20 && !(await system.evaluate((field) => field === document.activeElement));
    presses++
  ) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type('short');
  await page.keyboard.press('Escape');
  assert.equal(await focused(), 'open-settings');
  assert.equal(await settings.isVisible(), false);
  assert.equal(JSON.parse(await page.evaluate(() => localStorage.getItem('quern-settings'))).system, 'short');
  await page.keyboard.press('Tab');
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  await page.keyboard.press('Enter');
  assert.notEqual(await ground(), before);
});

test('models are listed with what they take, and deleted', { skip }, async () => {
  await page.getByRole('button', { name: 'Models' }).click();
  const models = page.getByRole('complementary', { name: 'Models' });
  const row = models.getByRole('listitem').filter({ hasText: 'tiny' });
  assert.match(await row.innerText(), /parameters, f32, \d+ kB/);
  assert.match(await models.innerText(), /of [\d.]+ GB that the browser gives this page/);
  await row.getByRole('button', { name: 'Delete tiny' }).click();
  await models.getByText('Nothing yet.').waitFor();
  await page.getByRole('button', { name: 'Models' }).click();
});

test('on a narrow screen nothing is wider than the screen', { skip }, async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const name of ['Models', 'Inside', 'Settings']) {
    await page.getByRole('button', { name }).click();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, name);
  }
  await page.getByRole('button', { name: 'Settings' }).click();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await page.setViewportSize({ width: 1280, height: 720 });
});

test('without WebGPU the page says so, and what to do', { skip }, async () => {
  const poor = await browser.context.newPage();
  await poor.addInitScript(() => delete Navigator.prototype.gpu);
  await poor.goto(`${server.url}/models/tiny/index.html`);
  const start = poor.getByRole('region', { name: 'Model' });
  await start.getByText('This browser has no WebGPU here.').waitFor();
  assert.match(await start.innerText(), /Chrome, Edge, Safari and Firefox/);
  assert.equal(await poor.getByRole('button', { name: 'Send' }).isDisabled(), true);
  await poor.close();
});

test('a model that cannot be fetched is named, and loading goes on when it can', { skip }, async () => {
  // Whatever the tests before have left.
  await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('quern', { recursive: true }));
  const poor = await browser.context.newPage();
  await poor.route('**/weights/**', (route) => route.abort());
  await poor.goto(`${server.url}/models/tiny/index.html`);
  const start = poor.getByRole('region', { name: 'Model' });
  await start.getByText('cannot be fetched').waitFor();
  assert.match(await start.getByRole('alert').innerText(), /weights\/000\.bin cannot be fetched/);
  await poor.unroute('**/weights/**');
  await start.getByRole('button', { name: 'Go on' }).click();
  await ready(poor);
  await poor.close();
});

test('a page without a model asks for one', { skip }, async () => {
  const bare = await browser.context.newPage();
  await bare.goto(`${server.url}/bare/index.html`);
  const start = bare.getByRole('region', { name: 'Model' });
  await start.getByText('Bring a model').waitFor();
  await start.getByRole('button', { name: 'Choose a GGUF file' }).waitFor();
  // The address may be that of a bundle, too.
  await start.getByRole('textbox', { name: 'Address of a GGUF file' }).fill(`${server.url}/models/tiny/bundle/`);
  await bare.keyboard.press('Enter');
  await ready(bare);
  assert.match(await start.innerText(), /^tiny/);
  // A reload opens it again.
  await bare.reload();
  await ready(bare);
  await bare.close();
});

test('from another machine much is fetched only when it is asked for', { skip }, async () => {
  const far = await browser.context.newPage();
  // It lists a file of 30 MB that nothing needs.
  await far.route('**/manifest.json', async (route) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'site', 'bundle', 'manifest.json'), 'utf8'));
    manifest.files.push({ name: 'weights/999.bin', bytes: 30_000_000, sha256: '0'.repeat(64) });
    await route.fulfill({ json: manifest });
  });
  // Safe as localhost is, and another name.
  await far.goto(`${server.url.replace('127.0.0.1', 'far.localhost')}/models/tiny/index.html`);
  const start = far.getByRole('region', { name: 'Model' });
  const load = start.getByRole('button', { name: /^Load \(30\.\d MB to fetch\)$/ });
  await load.waitFor();
  assert.match(await start.innerText(), /Takes [\d.]+ [kM]B of the device’s memory/);
  assert.deepEqual(
    server.log.slice(-3).filter((line) => line.includes('/weights/')),
    [],
  );
  await load.press('Enter');
  await ready(far);
  await far.close();
});

test('a model file that is dropped is compiled there, answers, and is there at the next visit', { skip }, async () => {
  const bare = await browser.context.newPage();
  await bare.goto(`${server.url}/bare/index.html`);
  const start = bare.getByRole('region', { name: 'Model' });
  await start.getByText('Bring a model').waitFor();
  await drop(bare, { 'broken.gguf': Buffer.from('GGUF, or not') });
  await start.getByText('Cannot open broken.gguf').waitFor();
  await drop(bare, { 'a.gguf': Buffer.from('GGUF'), 'b.gguf': Buffer.from('GGUF') });
  await start.getByText('2 files were chosen, and a.gguf is no part of a model').waitFor();

  await drop(bare, { 'tiny.gguf': readFileSync(join(folder, 'tiny.gguf')) });
  await ready(bare);
  assert.match(await start.innerText(), /^tiny\s[^]*Compiled here in [\d.]+ s/);
  await bare.getByRole('textbox', { name: 'Message' }).fill('hello');
  await bare.keyboard.press('Enter');
  await answered(bare, 1);

  await bare.getByRole('button', { name: 'Models' }).click();
  // The one that is open, beside the bundle of the tests before.
  await bare.getByRole('listitem').filter({ hasText: 'tiny' }).filter({ hasText: 'Is open' }).waitFor();
  await bare.reload();
  await ready(bare);
  assert.match(await bare.getByRole('button', { name: 'Models' }).innerText(), /tiny/);
  await bare.close();
});

test('the files of a model that was split are dropped together', { skip }, async () => {
  const parts = writeSplitModel(folder, 'split');
  const bare = await browser.context.newPage();
  await bare.goto(`${server.url}/bare/index.html`);
  const start = bare.getByRole('region', { name: 'Model' });
  const files = parts.toReversed().map((name) => [name, readFileSync(join(folder, name))]);
  await drop(bare, Object.fromEntries(files));
  await ready(bare);
  assert.match(await start.innerText(), /^tiny\s[^]*Compiled here in [\d.]+ s/);
  await bare.getByRole('textbox', { name: 'Message' }).fill('hello');
  await bare.keyboard.press('Enter');
  await answered(bare, 1);
  await bare.close();
});

test('where arithmetic fails the page says so and how to go on; so set, the model answers', { skip }, async () => {
  writeLargeKeyModel(join(folder, 'large.gguf'));
  const bare = await browser.context.newPage();
  await bare.goto(`${server.url}/bare/index.html`);
  const ask = async () => {
    await drop(bare, { 'large.gguf': readFileSync(join(folder, 'large.gguf')) });
    await bare.waitForFunction(
      () => !document.getElementById('send').disabled && document.getElementById('next').hidden,
    );
    await bare.getByRole('textbox', { name: 'Message' }).fill('zzz');
    await bare.keyboard.press('Enter');
  };
  await ask();
  const problem = bare.locator('.message.assistant .problem');
  await problem.waitFor();
  assert.match(
    await problem.innerText(),
    /arithmetic failed at position \d+, token 122: .*%layer0\.keys is infinite.*--cache f32/,
  );
  assert.equal(await bare.locator('.message.assistant .text').innerText(), '');

  await bare.getByRole('button', { name: 'Settings' }).click();
  const field = bare.getByRole('combobox', { name: /^Keys and values/ });
  await field.selectOption('f32');
  await bare.getByRole('button', { name: 'Settings' }).click();
  await ask();
  await answered(bare, 1);
  await bare.close();
});

test('what is odd about a model file is told where it is opened', { skip }, async () => {
  writeTinyModel(join(folder, 'odd.gguf'), { template: '{% for message of messages %}' });
  const bare = await browser.context.newPage();
  await bare.goto(`${server.url}/bare/index.html`);
  await drop(bare, { 'odd.gguf': readFileSync(join(folder, 'odd.gguf')) });
  await ready(bare);
  const start = await bare.getByRole('region', { name: 'Model' }).innerText();
  assert.match(
    start,
    /key 'tokenizer\.chat_template': Chats cannot be put into this template, but text can be continued/,
  );
  await bare.close();
});

test('nothing went wrong on the way', { skip }, () => {
  assert.deepEqual(problems, []);
});
