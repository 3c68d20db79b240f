// Conversations in the page: answers in Markdown, what is kept of them on the device, and how they go on from a message
// that is changed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { launch, serve } from './browser.mjs';
import { scriptAnswers } from './scripted-worker.mjs';
import { quern, skip } from './stage.mjs';
import { writeTinyModel } from './tiny-model.mjs';
import { kept, ready } from './visitor.mjs';

let folder, server, browser, page;
const problems = [];

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-conversation-'));
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
  page.on('pageerror', (problem) => problems.push(problem.message));
  page.on('request', (request) => new URL(request.url()).hostname === '127.0.0.1' || problems.push(request.url()));
  await page.addInitScript(scriptAnswers);
  await page.addInitScript(() =>
    localStorage.setItem('quern-settings', JSON.stringify({ max_tokens: 16, temperature: 0 })),
  );
  await page.goto(`${server.url}/index.html`);
  await ready(page);
});

const field = () => page.getByRole('textbox', { name: 'Message', exact: true });
const asked = () => page.locator('.message.user').allInnerTexts();
const last = () => page.locator('.message.assistant .text').last();

/** Says something, and waits for the answer: the one that is given, or the model's. */
async function say(text, answer) {
  await page.evaluate((answer) => answer !== undefined && window.answers.push([...answer].map(String)), answer);
  await field().fill(text);
  await field().press('Enter');
  await done();
}

const done = () => page.getByRole('button', { name: 'Send' }).waitFor();

const MARKDOWN = `# Rain

Some *words*, **strong** ones, \`code\`, ~~none~~ and [a link](https://example.org/a?b=1).
A second line.

1. one
   - inner
2. two

- [x] done
- [ ] not done

> said

| a | b |
|---|--:|
| 1 | <b>2</b> |

\`\`\`js
const x = "<script>alert(1)</script>";
\`\`\`
`;

test('an answer in Markdown is shown with its parts', { skip }, async () => {
  await say('Write.', MARKDOWN);
  const answer = last();
  assert.equal(await answer.locator('h3').innerText(), 'Rain');
  assert.deepEqual(await answer.locator('em, strong, p code, del').allInnerTexts(), [
    'words',
    'strong',
    'code',
    'none',
  ]);
  assert.equal(await answer.locator('p br').count(), 1);
  assert.deepEqual(await answer.locator('ol > li').allInnerTexts(), ['one\ninner', 'two']);
  assert.deepEqual(await answer.locator('ul > li').allInnerTexts(), ['inner', '☑ done', '☐ not done']);
  assert.equal(await answer.locator('blockquote').innerText(), 'said');
  assert.deepEqual(await answer.locator('td').allInnerTexts(), ['1', '<b>2</b>']);
  assert.equal(await answer.locator('pre').innerText(), 'const x = "<script>alert(1)</script>";');
  const link = answer.getByRole('link', { name: 'a link' });
  assert.deepEqual(await link.evaluate(({ href, target, rel }) => ({ href, target, rel })), {
    href: 'https://example.org/a?b=1',
    target: '_blank',
    rel: 'noopener noreferrer nofollow',
  });
});

test('code is copied by its button, the answer as it was written by its own', { skip }, async () => {
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await say('Write.', MARKDOWN);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Copy the code' }).click();
  await page.getByRole('button', { name: 'Copy the code' }).getByText('Copied').waitFor();
  assert.equal(await copied(), 'const x = "<script>alert(1)</script>";');
  await page.locator('.actions').getByRole('button', { name: 'Copy' }).click();
  await page.locator('.actions').getByText('Copied').waitFor();
  assert.equal(await copied(), MARKDOWN);
});

const HOSTILE = [
  '<img src=x onerror="window.hurt = 1"> <script>window.hurt = 1</script>',
  '<iframe src="https://evil.example/"></iframe>\n\n<style>body { display: none }</style>',
  '![picture](https://evil.example/seen.png) [go](javascript:window.hurt=1) ' +
    '[data](data:text/html,<script>window.hurt=1</script>)',
  '<a href="https://evil.example/" onclick="window.hurt = 1">here</a> <javascript:window.hurt=1> ' +
    'https://evil.example/plain',
  '[x](<javascript:window.hurt=1>) [y]: javascript:window.hurt=1\n\n[y]: javascript:window.hurt=1\n\n[y] ' +
    '[z](vbscript:x "onmouseover=window.hurt=1")',
  '<svg><a xlink:href="javascript:window.hurt=1"><text>t</text></a></svg><details open ontoggle=window.hurt=1>',
  '| <img src=x onerror=window.hurt=1> |\n|---|\n| `<img src=x onerror=window.hurt=1>` |\n\n- <b ' +
    'onclick=window.hurt=1>x</b>',
].join('\n\n');

test(
  'nothing of an answer is HTML, loads anything or leads anywhere but to web pages and letters',
  { skip },
  async () => {
    await say('Write.', HOSTILE);
    const found = await last().evaluate((answer) => ({
      tags: [...new Set([...answer.querySelectorAll('*')].map(({ tagName }) => tagName.toLowerCase()))].sort(),
      attributes: [...new Set([...answer.querySelectorAll('*')].flatMap((each) => each.getAttributeNames()))].sort(),
      links: [...answer.querySelectorAll('a')].map(({ protocol }) => protocol),
      hurt: window.hurt,
    }));
    const allowed = ['a', 'br', 'code', 'div', 'li', 'p', 'span', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'];
    assert.deepEqual(
      found.tags.filter((tag) => !allowed.includes(tag)),
      [],
    );
    assert.deepEqual(
      found.attributes.filter(
        (name) => !['class', 'href', 'rel', 'style', 'tabindex', 'target', 'title'].includes(name),
      ),
      [],
    );
    assert.ok(found.links.length >= 2 && found.links.every((protocol) => protocol === 'https:'), `${found.links}`);
    assert.equal(found.hurt, undefined);
    assert.ok(await page.getByText('<iframe src="https://evil.example/"></iframe>').isVisible());
    assert.deepEqual(problems, []);
  },
);

test('while an answer grows, what was there stays as it is, and is read aloud when it is whole', { skip }, async () => {
  await page.evaluate(() => {
    window.answers.push(['First paragraph.\n\nSecond', ' grows', ' on.\n\n```\ncode']);
    window.held = true;
  });
  await field().fill('Write.');
  await field().press('Enter');
  await last().getByText('Second').waitFor();
  const answer = page.locator('.message.assistant');
  assert.equal(await answer.getAttribute('aria-busy'), 'true');
  await last()
    .locator('p')
    .first()
    .evaluate((first) => (first.id = 'first'));
  await page.evaluate(() => (window.held = false));
  await done();
  assert.equal(await page.locator('#first').innerText(), 'First paragraph.');
  assert.deepEqual(await last().locator('p').allInnerTexts(), ['First paragraph.', 'Second grows on.']);
  assert.equal(await last().locator('pre').innerText(), 'code');
  assert.equal(await answer.getAttribute('aria-busy'), null);
});

test('an answer that nothing can take apart is shown as it is', { skip }, async () => {
  await page.evaluate(() => window.answers.push(['>'.repeat(20_000)]));
  await field().fill('Write.');
  await field().press('Enter');
  await done();
  assert.ok((await last().innerText()).includes('>'.repeat(1000)));
});

test('a reload brings the conversation back, and it goes on', { skip }, async () => {
  await say('First question', 'First *answer*');
  await say('Second question', 'Second answer');
  await kept(page, 'Second answer');
  await page.reload();
  await last().getByText('Second answer').waitFor();
  assert.deepEqual(await asked(), ['First question', 'Second question']);
  assert.equal(await page.locator('.message.assistant em').innerText(), 'answer');
  await ready(page);
  await say('Third question', 'Third answer');
  assert.deepEqual(await page.evaluate(() => window.sent.at(-1).messages), [
    { role: 'user', content: 'First question' },
    { role: 'assistant', content: 'First *answer*' },
    { role: 'user', content: 'Second question' },
    { role: 'assistant', content: 'Second answer' },
    { role: 'user', content: 'Third question' },
  ]);
});

test(
  'what was written of an answer when the page was left is there, and a message without answer is written again',
  { skip },
  async () => {
    await page.evaluate(() => {
      window.answers.push(['Only this much', ' and more']);
      window.held = true;
    });
    await field().fill('Tell');
    await field().press('Enter');
    await last().getByText('Only this much').waitFor();
    // It is kept from time to time.
    await kept(page, 'Only this much');
    await page.reload();
    await last().getByText('Only this much').waitFor();

    await ready(page);
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.evaluate(() => {
      window.answers.push(['']);
      window.held = true;
    });
    await field().fill('Unanswered');
    await field().press('Enter');
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await kept(page, 'Unanswered');
    await page.reload();
    await page.waitForFunction(() => document.getElementById('message').value === 'Unanswered');
    assert.deepEqual(await asked(), []);
  },
);

test('a page that the browser brings back from where it had put it opens its model again', { skip }, async () => {
  await say('hello', 'Still here');
  await kept(page, 'Still here');
  await page.evaluate(() => {
    window.before = true;
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  await page.waitForFunction(() => !window.before);
  await last().getByText('Still here').waitFor();
  await ready(page);
  await say('and now?', 'An answer');
});

test('several conversations are kept by the name of their first message, opened and deleted', { skip }, async () => {
  await page.getByRole('button', { name: 'Chats' }).click();
  const chats = page.getByRole('complementary', { name: 'Chats' });
  const rows = chats.getByRole('listitem');
  // Whatever the tests before have left, or that it is nothing.
  await rows.first().waitFor();
  for (const name of ['Delete all', /^Delete: /]) {
    const deletes = chats.getByRole('button', { name });
    if ((await deletes.count()) === 1) await deletes.click();
  }
  await chats.getByText('Nothing yet.').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await say('About rain', 'It is wet.');
  await page.getByRole('button', { name: 'New chat' }).click();
  assert.deepEqual(await asked(), []);
  await say(`About snow ${'and so on '.repeat(20)}`, 'It is cold.');
  await page.getByRole('button', { name: 'Chats' }).click();
  await rows.nth(1).waitFor();
  assert.match(await rows.nth(0).innerText(), /^About snow and so on .{1,60}…\ntiny, /);
  assert.match(await rows.nth(1).innerText(), /^About rain\ntiny, /);
  assert.ok(await rows.nth(0).getByRole('button', { name: 'Is open' }).isDisabled());
  await rows.nth(1).getByRole('button', { name: 'Open' }).click();
  assert.deepEqual(await asked(), ['About rain']);
  assert.equal(await chats.isVisible(), false);

  await page.getByRole('button', { name: 'Chats' }).click();
  await chats.getByRole('button', { name: /^Delete: About snow/ }).click();
  await rows.nth(1).waitFor({ state: 'detached' });
  await chats.getByRole('button', { name: 'Delete: About rain' }).click();
  await chats.getByText('Nothing yet.').waitFor();
  // The one that stood on the page is gone from there, too, and does not come back.
  assert.deepEqual(await asked(), []);
  await page.reload();
  await page.getByRole('region', { name: 'Model' }).getByText('tokens of context').waitFor();
  assert.deepEqual(await asked(), []);
});

test('a message is changed where it stands, and the conversation goes on from there', { skip }, async () => {
  await say('one', 'A');
  await say('two', 'B');
  await say('three', 'C');
  await page.locator('.message.user').nth(1).hover();
  await page.getByRole('button', { name: 'Edit this message' }).nth(1).click();
  const editor = page.getByRole('textbox', { name: 'The message, to be changed' });
  assert.equal(await editor.inputValue(), 'two');
  await editor.press('Escape');
  assert.deepEqual(await asked(), ['one', 'two', 'three']);
  // By the keyboard alone: the button has the focus again.
  await page.keyboard.press('Enter');
  await editor.fill('two, but other');
  await page.evaluate(() => window.answers.push(['D']));
  await editor.press('Enter');
  await done();
  assert.deepEqual(await asked(), ['one', 'two, but other']);
  assert.deepEqual(await page.evaluate(() => window.sent.at(-1).messages.map(({ content }) => content)), [
    'one',
    'A',
    'two, but other',
  ]);
  await kept(page, '"D"');
  await page.reload();
  await last().getByText('D').waitFor();
  assert.deepEqual(await asked(), ['one', 'two, but other']);
});

test('the arrow up brings earlier messages back into an empty field', { skip }, async () => {
  await say('one', 'A');
  await say('two\nlines', 'B');
  const value = () => field().inputValue();
  await field().press('ArrowUp');
  assert.equal(await value(), 'two\nlines');
  await field().press('ArrowUp');
  assert.equal(await value(), 'one');
  await field().press('ArrowUp');
  assert.equal(await value(), 'one');
  await field().press('ArrowDown');
  await field().press('ArrowDown');
  assert.equal(await value(), '');
  // What is being written stays.
  await field().fill('new');
  await field().press('ArrowUp');
  assert.equal(await value(), 'new');
});

test('Escape stops an answer, and in a panel only closes the panel', { skip }, async () => {
  await page.evaluate(() => {
    window.answers.push(['Begun', ' and ended']);
    window.held = true;
  });
  await field().fill('Tell');
  await field().press('Enter');
  await last().getByText('Begun').waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('textbox', { name: 'System prompt' }).press('Escape');
  assert.equal(await page.getByRole('complementary', { name: 'Settings' }).isVisible(), false);
  assert.ok(await page.getByRole('button', { name: 'Stop' }).isVisible());
  await page.keyboard.press('Escape');
  await done();
  assert.equal(await last().innerText(), 'Begun');
});

test('settings go back to what they were', { skip }, async () => {
  await page.getByRole('button', { name: 'Settings' }).click();
  const temperature = page.getByRole('slider', { name: /^Temperature/ });
  await page.getByRole('textbox', { name: 'System prompt' }).fill('Be short.');
  await temperature.fill('1.5');
  await page.getByRole('button', { name: 'Back to the defaults' }).click();
  assert.notEqual(await temperature.inputValue(), '1.5');
  assert.equal(await page.getByRole('textbox', { name: 'System prompt' }).inputValue(), '');
  const own = () => page.evaluate(() => JSON.parse(localStorage.getItem('quern-settings')));
  assert.deepEqual(await own(), {}, 'nothing is the person’s own any more');
  assert.equal(await temperature.inputValue(), '0.7');
});

test('on a narrow screen each panel has a button that closes it', { skip }, async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await say('Wide', MARKDOWN + '\n```\n' + 'x'.repeat(300) + '\n```\n\n' + 'y'.repeat(300));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  for (const name of ['Models', 'Chats', 'Inside the model', 'Settings']) {
    const opener = page.getByRole('button', { name: name.split(' ')[0] });
    await opener.click();
    const panel = page.getByRole('complementary', { name });
    await panel.getByRole('button', { name: 'Close' }).click();
    assert.equal(await panel.isVisible(), false, name);
    assert.equal(await opener.evaluate((button) => button === document.activeElement), true, name);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  }
});

test('nothing went wrong on the way, and nothing was asked of another machine', { skip }, () => {
  assert.deepEqual(problems, []);
});
