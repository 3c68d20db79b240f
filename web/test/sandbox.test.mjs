// The page without site data: in a sandboxed frame, and in a browser that blocks cookies. It loads a model, chats, and
// says that it keeps nothing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, serve } from './browser.mjs';
import { quern, skip } from './stage.mjs';
import { writeTinyModel } from './tiny-model.mjs';
import { answered, ready } from './visitor.mjs';

let folder, server;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-sandbox-'));
  writeTinyModel(join(folder, 'tiny.gguf'));
  execFileSync(quern, ['export-web', join(folder, 'tiny.gguf'), '-o', join(folder, 'site')], { stdio: 'ignore' });
  cpSync(join(folder, 'site'), join(folder, 'bare'), { recursive: true });
  rmSync(join(folder, 'bare', 'bundle'), { recursive: true });
  for (const name of ['site', 'bare']) {
    writeFileSync(
      join(folder, `${name}.html`),
      `<!doctype html><iframe sandbox="allow-scripts" src="/${name}/index.html" width="1000" height="700"></iframe>`,
    );
  }
  // A page without an origin is another site to its own server.
  server = await serve({ '/': folder }, 0, { 'access-control-allow-origin': '*' });
});

after(async () => {
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** A browser with a page, whose problems are collected. */
async function visit(preferences) {
  const browser = await launch(preferences);
  const page = await browser.context.newPage();
  const problems = [];
  page.on('pageerror', (problem) => problems.push(problem.message));
  return { browser, page, problems };
}

/** Writes in the page or frame, and waits for the answer. */
async function chat(where, count = 1) {
  await ready(where);
  // Settings are changed though they cannot be kept.
  await where.getByRole('button', { name: 'Settings' }).click();
  await where.getByRole('slider', { name: 'Most tokens of an answer' }).fill('16');
  await where.getByRole('button', { name: 'Settings' }).click();
  await where.getByRole('textbox', { name: 'Message' }).fill('hello');
  await where.getByRole('button', { name: 'Send' }).click();
  await answered(where, count);
  return where.locator('.message.assistant .text').last().innerText();
}

/** What a page can have of a site. */
const siteData = (where) =>
  where.evaluate(async () => {
    const there = (look) => {
      try {
        return Promise.resolve(look()).then(
          (found) => found !== undefined,
          () => false,
        );
      } catch {
        return false;
      }
    };
    return {
      origin: self.origin,
      localStorage: await there(() => localStorage.length),
      files: await there(() => navigator.storage.getDirectory()),
      caches: await there(() => caches.open('x')),
      locks: await there(() => navigator.locks.request('x', () => 1)),
    };
  });

test('in a sandboxed frame the page answers, in a worker, from memory', { skip }, async () => {
  const { browser, page, problems } = await visit();
  try {
    await page.goto(`${server.url}/site.html`);
    const frame = page.frames()[1];
    assert.ok((await chat(frame)).length > 0);
    assert.deepEqual(await siteData(frame), {
      origin: 'null',
      localStorage: false,
      files: false,
      caches: false,
      locks: false,
    });
    assert.equal(page.workers().length, 1);
    const footnote = frame.locator('#footnote');
    await footnote.getByText('keep nothing: the model and the chats are kept in memory only').waitFor();
    await frame.getByRole('button', { name: 'Models' }).click();
    await frame.getByText('A model is kept in memory only, until the page is closed.').waitFor();
    await frame.getByRole('button', { name: 'Models' }).click();
    await frame.getByRole('button', { name: 'Switch between light and dark' }).click();
    assert.ok((await chat(frame, 2)).length > 0);
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});

test('there a model file is compiled and answers, too', { skip }, async () => {
  const { browser, page, problems } = await visit();
  try {
    await page.goto(`${server.url}/bare.html`);
    const frame = page.frames()[1];
    await frame.getByText('Bring a model').waitFor();
    await frame.locator('#start input[type=file]').setInputFiles(join(folder, 'tiny.gguf'));
    assert.ok((await chat(frame)).length > 0);
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});

test('where no worker starts it answers in the page, which says so once', { skip }, async () => {
  const { browser, page, problems } = await visit();
  try {
    await page.addInitScript(() => {
      window.Worker = class {
        constructor() {
          throw new DOMException('refused', 'SecurityError');
        }
      };
    });
    await page.goto(`${server.url}/site.html`);
    const frame = page.frames()[1];
    assert.ok((await chat(frame)).length > 0);
    const footnote = frame.locator('#footnote');
    await footnote.getByText('starts no worker').waitFor();
    assert.equal((await footnote.innerText()).match(/starts no worker/g).length, 1);
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});

test('in a browser that blocks site data the page answers', { skip }, async () => {
  const { browser, page, problems } = await visit({ profile: { default_content_setting_values: { cookies: 2 } } });
  try {
    await page.goto(`${server.url}/site/index.html`);
    assert.ok((await chat(page)).length > 0);
    const there = await siteData(page);
    assert.deepEqual([there.localStorage, there.caches], [false, false]);
    await page.locator('#footnote').getByText('kept in memory only').waitFor();
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});
