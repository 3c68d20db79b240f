// A chat in the page that fails, or is too long: what the person is offered, and that the chat goes on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { launch, serve } from './browser.mjs';
import { quern, skip } from './stage.mjs';
import { writeTinyModel } from './tiny-model.mjs';
import { ready } from './visitor.mjs';

let folder, server, browser, page;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-recovery-'));
  writeTinyModel(join(folder, 'tiny.gguf'));
  execFileSync(quern, ['export-web', join(folder, 'tiny.gguf'), '-o', join(folder, 'site')], { stdio: 'ignore' });
  server = await serve({ '/': join(folder, 'site') });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  if (skip) return;
  await page?.close();
  page = await browser.context.newPage();
  await page.addInitScript(() => {
    localStorage.setItem('quern-settings', JSON.stringify({ max_tokens: 16, temperature: 0, system: 'S' }));
    window.sent = [];
    // A request can be answered with an error in the worker's place.
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...others) {
      if (message?.command?.type === 'chat') {
        window.sent.push(message.command.request.messages.map(({ role }) => role[0]).join(''));
        const error = window.failing?.shift();
        if (error) {
          const { quern, session, id } = message;
          setTimeout(() =>
            this.dispatchEvent(new MessageEvent('message', { data: { quern, session, id, type: 'error', error } })),
          );
          return;
        }
      }
      post.call(this, message, ...others);
    };
  });
  await page.goto(`${server.url}/index.html`);
  await ready(page);
});

async function say(text) {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('button', { name: 'Send' }).waitFor();
}

const fail = (...errors) => page.evaluate((errors) => (window.failing = errors), errors);
const offered = () => page.locator('.actions button').allInnerTexts();
const choose = async (name) => {
  await page.locator('.actions').getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Send' }).waitFor();
};
const lastSent = () => page.evaluate(() => window.sent.at(-1));
const answers = () => page.locator('.figures', { hasText: 'tokens at' }).count();

test('a turn that failed by accident is tried again', { skip }, async () => {
  await fail({ kind: 'internal', message: 'Something broke.' });
  await say('hello');
  assert.equal(await page.getByRole('alert').innerText(), 'Something broke.');
  assert.deepEqual(await offered(), ['Try again', 'Edit the message', 'Remove the message']);
  await choose('Try again');
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(await answers(), 1);
  assert.deepEqual(await offered(), ['Regenerate', 'Copy']);
  assert.equal(await lastSent(), 'su');
});

test('one that would fail once more is edited or removed', { skip }, async () => {
  await say('first');
  await fail({ kind: 'chat', message: 'The template refuses it.' });
  await say('second');
  assert.deepEqual(await offered(), ['Edit the message', 'Remove the message']);
  await choose('Edit the message');
  const field = page.getByRole('textbox', { name: 'Message' });
  assert.equal(await field.inputValue(), 'second');
  assert.equal(await page.locator('.message.user').count(), 1);
  assert.deepEqual(await offered(), ['Regenerate', 'Copy']);
  await fail({ kind: 'chat', message: 'The template refuses it.' });
  await field.press('Enter');
  await choose('Remove the message');
  assert.equal(await page.locator('.message.user').count(), 1);
  await say('third');
  assert.equal(await lastSent(), 'suau');
  assert.equal(await answers(), 2);
});

test('who goes on without choosing leaves it out of the chat', { skip }, async () => {
  await fail({ kind: 'internal', message: 'Something broke.' });
  await say('lost');
  await say('hello');
  assert.equal(await lastSent(), 'su');
  await page.getByText('Not answered, and no part of the chat.').waitFor();
  assert.equal(await answers(), 1);
  await say('more');
  assert.equal(await lastSent(), 'suau');
});

test('a message that alone is too long is edited', { skip }, async () => {
  await say('x'.repeat(400));
  assert.match(
    await page.getByRole('alert').innerText(),
    /The prompt has \d+ tokens, but this bundle has room for 256/,
  );
  assert.deepEqual(await offered(), ['Edit the message', 'Remove the message']);
});

test('a chat that is too long goes on without its oldest turns, and says so', { skip }, async () => {
  await say('a'.repeat(80));
  await say('b'.repeat(60));
  await say('c'.repeat(60));
  assert.match(await page.getByRole('alert').innerText(), /The prompt has \d+ tokens/);
  assert.deepEqual(await offered(), ['Go on without the oldest turns', 'Edit the message', 'Remove the message']);
  await choose('Go on without the oldest turns');
  assert.equal(await answers(), 3);
  const cut = page.getByText('The model no longer reads what is above: it has room for 256 tokens.');
  assert.equal(await cut.count(), 1);
  // It stands before the first turn that is read.
  assert.match(
    await cut.evaluate((line) => line.nextElementSibling.querySelector('.message.user').textContent),
    /^[bc]+$/,
  );
  // From here on nothing is asked any more, and the system message stays.
  await say('d'.repeat(60));
  assert.equal(await answers(), 4);
  assert.match(await lastSent(), /^su/);
  assert.equal(await cut.count(), 1);
  await page.getByRole('button', { name: 'New chat' }).click();
  assert.equal(await cut.count(), 0);
});

test('an answer that fills the context is made again without the oldest turns', { skip }, async () => {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('slider', { name: 'Most tokens of an answer' }).fill('2048');
  await page.getByRole('button', { name: 'Settings' }).click();
  await fail({ kind: 'internal', message: 'Something broke.' });
  await say('a'.repeat(20));
  await choose('Remove the message');
  // The first answer fills it all: there is nothing older.
  await say('a'.repeat(200));
  const full = page.getByText('The answer ends here because the context is full');
  assert.equal(await full.count(), 1);
  assert.deepEqual(await offered(), ['Regenerate', 'Copy']);
  await say('and now?');
  assert.deepEqual(await offered(), ['Go on without the oldest turns', 'Edit the message', 'Remove the message']);
  await choose('Go on without the oldest turns');
  assert.equal(await answers(), 2);
});
