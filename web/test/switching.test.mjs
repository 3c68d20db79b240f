// What the page does when another model is opened beside the one that is open, and with a model that continues text.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { launch, serve } from './browser.mjs';
import { scriptAnswers } from './scripted-worker.mjs';
import { quern, skip } from './stage.mjs';
import { writeTinyModel } from './tiny-model.mjs';
import { answered, becomes, kept, ready } from './visitor.mjs';

let folder, server, browser, page;
const problems = [];

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-switching-'));
  writeTinyModel(join(folder, 'tiny.gguf'));
  writeTinyModel(join(folder, 'second.gguf'), { seed: 5 });
  writeTinyModel(join(folder, 'plain.gguf'), { seed: 6, template: null });
  writeFileSync(join(folder, 'broken.gguf'), readFileSync(join(folder, 'tiny.gguf')).subarray(0, 2000));
  // Its header is whole; the weights are cut off.
  const whole = readFileSync(join(folder, 'tiny.gguf'));
  writeFileSync(join(folder, 'short.gguf'), whole.subarray(0, whole.length - 1000));
  execFileSync(quern, ['export-web', join(folder, 'tiny.gguf'), '-o', join(folder, 'site')], { stdio: 'ignore' });
  execFileSync(quern, ['export-web', '-o', join(folder, 'alone')], { stdio: 'ignore' });
  cpSync(join(folder, 'site', 'bundle'), join(folder, 'site', 'other'), { recursive: true });
  server = await serve({ '/alone/': join(folder, 'alone'), '/': join(folder, 'site') });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

async function openPage(path) {
  await page?.close();
  page = await browser.context.newPage();
  page.on('pageerror', (problem) => problems.push(problem.message));
  await page.addInitScript(scriptAnswers);
  await page.addInitScript(() =>
    localStorage.setItem('quern-settings', JSON.stringify({ max_tokens: 16, temperature: 0 })),
  );
  await page.goto(`${server.url}${path}`);
}

beforeEach(async () => {
  if (skip) return;
  await openPage('/index.html');
  await ready(page);
});

const give = (name) => page.locator('#models input[type=file]').setInputFiles(join(folder, name));
const beside = () => page.getByRole('region', { name: 'Opening' });
const model = () => page.locator('#model').innerText();
const texts = (selector) => page.locator(selector).allInnerTexts();

async function say(text, answer) {
  if (answer !== undefined) await page.evaluate((answer) => window.answers.push([answer]), answer);
  const before = await page.locator('.figures').count();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.keyboard.press('Enter');
  await answered(page, before + 1).catch(async (problem) => {
    throw new Error(`${problem.message}\n${await page.locator('#talk').innerText()}`);
  });
}

/** Sees in the panel that one model is open. */
async function oneIsOpen() {
  await page.getByRole('button', { name: 'Models' }).click();
  const rows = page.getByRole('complementary', { name: 'Models' }).getByRole('listitem');
  await becomes(() => rows.filter({ hasText: 'Is open' }).count(), 1);
  await page.getByRole('complementary', { name: 'Models' }).getByRole('button', { name: 'Close' }).click();
}

for (const [what, name, words] of [
  ['is broken', 'broken.gguf', /offset \d+, key/],
  ['lacks weights', 'short.gguf', /short|cut|bytes/],
]) {
  test(`a file that ${what} leaves the open model and its conversation as they were`, { skip }, async () => {
    await say('hello', 'An answer');
    await give(name);
    await beside()
      .getByText(`Cannot open ${name === 'short.gguf' ? '' : name}`)
      .waitFor();
    assert.match(await beside().getByRole('alert').innerText(), words);
    assert.deepEqual(await texts('.message.user'), ['hello']);
    assert.equal(await model(), 'tiny');
    assert.equal(await page.title(), 'tiny – Quern');
    await oneIsOpen();
    // It is the same conversation with the same model, which answers itself.
    await say('and now?');
    assert.equal(await page.evaluate(() => window.sent.at(-1).messages.length), 3);
    await beside().getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await beside().isVisible(), false);
  });
}

test('an address that has no model leaves them too', { skip }, async () => {
  await say('hello', 'An answer');
  await page.getByRole('button', { name: 'Models' }).click();
  const panel = page.getByRole('complementary', { name: 'Models' });
  await panel.getByRole('textbox', { name: 'Address of a GGUF file' }).fill(`${server.url}/nowhere/`);
  await page.keyboard.press('Enter');
  await beside().getByText('the server answered 404').waitFor();
  assert.deepEqual(await texts('.message.user'), ['hello']);
  await say('and now?');
});

test(
  'while a model is brought, the conversation with the other goes on; when it is there, a new one begins',
  { skip },
  async () => {
    await say('hello', 'An answer');
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route('**/other/**', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Models' }).click();
    const panel = page.getByRole('complementary', { name: 'Models' });
    await panel.getByRole('textbox', { name: 'Address of a GGUF file' }).fill(`${server.url}/other/`);
    await page.keyboard.press('Enter');
    await beside().getByText('Opening the model').waitFor();
    await say('still there?');
    assert.deepEqual(await texts('.message.user'), ['hello', 'still there?']);
    release();
    await beside().waitFor({ state: 'hidden' });
    assert.deepEqual(await texts('.message.user'), []);
    await oneIsOpen();
    await say('new');
    // The worker of the first is gone with it.
    await becomes(() => page.workers().length, 1);
  },
);

test('bringing a model can be thought better of', { skip }, async () => {
  await say('hello', 'An answer');
  await page.route('**/quern-compiler*.wasm', () => {});
  await give('second.gguf');
  await beside().getByText('Compiling second.gguf').waitFor();
  await beside().getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await beside().isVisible(), false);
  assert.deepEqual(await texts('.message.user'), ['hello']);
  await say('and now?');
});

test('where there is no room for two, the first is closed when the person says so', { skip }, async () => {
  await say('hello', 'An answer');
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage;
    let failing = true;
    Worker.prototype.postMessage = function (message, ...others) {
      if (failing && message?.command?.type === 'load') {
        failing = false;
        const { quern, session, id } = message;
        const error = { kind: 'out_of_memory', message: 'The device has no room.' };
        setTimeout(() =>
          this.dispatchEvent(new MessageEvent('message', { data: { quern, session, id, type: 'error', error } })),
        );
        return;
      }
      post.call(this, message, ...others);
    };
  });
  await give('second.gguf');
  await beside().getByText('The device has no room.').waitFor();
  assert.deepEqual(await texts('.message.user'), ['hello']);
  await oneIsOpen();
  await beside().getByRole('button', { name: 'Close tiny and try again' }).click();
  await beside()
    .waitFor({ state: 'hidden' })
    .catch(async (problem) => {
      throw new Error(`${problem.message}\n${await page.locator('#talk').innerText()}`);
    });
  await ready(page);
  await oneIsOpen();
  await say('new');
});

test('a model without a template continues text, says so, and goes on with the same text', { skip }, async () => {
  await give('plain.gguf');
  const start = page.getByRole('region', { name: 'Model' });
  await start.getByText('has no chat template: it continues text. Write how a text begins').waitFor();
  assert.ok(await start.getByRole('button', { name: 'Once upon a time' }).isVisible());
  assert.equal(await start.getByRole('button', { name: 'Chat with it instead' }).count(), 0);
  await say('Once upon a time', ' there was');
  assert.equal(await page.evaluate(() => window.sent.at(-1).prompt), 'Once upon a time');
  assert.equal(await page.locator('.message.assistant .text').textContent(), 'Once upon a time there was');
  await page.evaluate(() => window.answers.push([' a mill.']));
  await page.getByRole('button', { name: 'Go on' }).click();
  await answered(page, 2);
  assert.equal(await page.evaluate(() => window.sent.at(-1).prompt), 'Once upon a time there was');
  await say('It stood', ' still.');
  assert.equal(await page.evaluate(() => window.sent.at(-1).prompt), 'Once upon a time there was a mill.\nIt stood');
  // The model itself continues it too.
  await say(' and then');
  await kept(page, '"asked":" and then"');
  await page.reload();
  await page.getByText('It stood still.').waitFor();
  await ready(page);
  await say('!', ' end');
  assert.match(
    await page.evaluate(() => window.sent.at(-1).prompt),
    /^Once upon a time there was a mill\.\nIt stood still\. and then/,
  );
});

test('a text that is too long goes on without its beginning', { skip }, async () => {
  await give('plain.gguf');
  await page.getByText('has no chat template').first().waitFor();
  await say('a'.repeat(100), 'x'.repeat(10));
  await say('b'.repeat(100), 'y'.repeat(10));
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('c'.repeat(60));
  await page.keyboard.press('Enter');
  await page.getByText('The prompt has').waitFor();
  await page.getByRole('button', { name: 'Go on without the oldest turns' }).click();
  await answered(page, 3);
  assert.equal(
    await page.evaluate(() => window.sent.at(-1).prompt),
    `${'b'.repeat(100)}${'y'.repeat(10)}\n${'c'.repeat(60)}`,
  );
  const cut = page.getByText('The model no longer reads what is above');
  assert.match(await cut.evaluate((line) => line.nextElementSibling.textContent), /^b+y+/);
});

test(
  'a chat that was held with another model is read with one that continues text, which says what it lacks',
  { skip },
  async () => {
    await say('hello', 'An answer');
    await give('plain.gguf');
    await page.getByText('has no chat template').first().waitFor();
    await page.getByRole('button', { name: 'Chats' }).click();
    await page
      .getByRole('complementary', { name: 'Chats' })
      .getByRole('button', { name: 'Open: hello' })
      .first()
      .click();
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('more');
    await page.keyboard.press('Enter');
    await page.getByText('Open a model that chats, or begin a new text with this one.').waitFor();
  },
);

test('a model with a template continues text when it is asked to', { skip }, async () => {
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByRole('button', { name: 'Have it continue a text instead' }).click();
  await say('Dear neighbours,', ' hello');
  assert.equal(await page.evaluate(() => window.sent.at(-1).prompt), 'Dear neighbours,');
  await page.getByRole('button', { name: 'New chat' }).click();
  await say('hello', 'An answer');
  assert.equal(await page.evaluate(() => window.sent.at(-1).messages.length), 1);
});

test('the page that is exported alone asks for a model, and compiles it', { skip }, async () => {
  await openPage('/alone/index.html');
  await page.getByRole('region', { name: 'Model' }).getByText('Bring a model').waitFor();
  await give('tiny.gguf');
  await ready(page);
  await say('hello');
});

test('nothing went wrong on the way', { skip }, () => {
  assert.deepEqual(problems, []);
});
