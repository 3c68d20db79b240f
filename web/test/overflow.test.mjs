// Chats that are too long: refused with the numbers, or shortened by their oldest turns; here and over a worker.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fit, withoutOldestTurn } from '../dist/overflow.js';
import { openPage, setStage, skip } from './stage.mjs';

let stage, page;

before(async () => {
  if (skip) return;
  stage = await setStage();
  page = await openPage(stage);
  await page.evaluate(async () => {
    const worker = () => new Worker('/quern/worker.js', { type: 'module' });
    window.engines = {
      page: await window.quern.createEngine('/bundles/tiny'),
      worker: await window.quern.createWorkerEngine(worker, '/bundles/tiny'),
    };
  });
});

after(() => stage?.close());

const chat = (place, messages, options = {}) =>
  page.evaluate(
    ([place, messages, options]) =>
      window.engines[place].chat.completions.create({ messages, max_tokens: 8, temperature: 0, ...options }).then(
        ({ choices, usage }) => ({ text: choices[0].message.content, usage }),
        ({ kind, message, tooLong }) => ({ kind, message, tooLong }),
      ),
    [place, messages, options],
  );

const system = { role: 'system', content: 'Be short.' };
const turns = (count) =>
  Array.from({ length: count }, (_, index) => [
    { role: 'user', content: `${index}`.repeat(40) },
    { role: 'assistant', content: 'a'.repeat(20) },
  ]).flat();
const last = { role: 'user', content: 'And now?' };

for (const place of ['page', 'worker']) {
  test(`a chat that is too long is refused with the numbers (${place})`, { skip }, async () => {
    const { kind, tooLong, message } = await chat(place, [...turns(5), last]);
    assert.equal(kind, 'prompt');
    assert.equal(tooLong.context_length, 256);
    assert.ok(tooLong.prompt_tokens > 256 && message.includes(`${tooLong.prompt_tokens} tokens`), message);
  });

  test(`or it loses its oldest turns, and says how many messages (${place})`, { skip }, async () => {
    const found = await chat(place, [system, ...turns(5), last], { overflow: 'drop-oldest' });
    const dropped = found.usage.extra.dropped_messages;
    assert.ok(dropped > 0 && dropped % 2 === 0, JSON.stringify(found));
    // What the model read is what a chat without those turns is; so the system message is there.
    const same = await chat(place, [system, ...turns(5).slice(dropped), last]);
    assert.equal(found.text, same.text);
    assert.equal(found.usage.prompt_tokens, same.usage.prompt_tokens);
    assert.ok(found.usage.prompt_tokens + 8 <= 256);
    assert.equal(same.usage.extra.dropped_messages, undefined);
  });
}

test('a chat that fits loses nothing', { skip }, async () => {
  const { usage } = await chat('page', [system, last], { overflow: 'drop-oldest' });
  assert.equal(usage.extra.dropped_messages, 0);
});

test('room is left for the answer', { skip }, async () => {
  const { usage } = await chat('page', [...turns(2), last], { overflow: 'drop-oldest', max_tokens: 500 });
  assert.ok(usage.prompt_tokens <= 192 && usage.completion_tokens >= 64, JSON.stringify(usage));
});

test('one message that is too long is refused all the same', { skip }, async () => {
  const { kind, tooLong } = await chat('page', [system, ...turns(2), { role: 'user', content: 'x'.repeat(300) }], {
    overflow: 'drop-oldest',
  });
  assert.equal(kind, 'prompt');
  assert.ok(tooLong.prompt_tokens > 300);
});

test('overflow is one of two words, and for chats', { skip }, async () => {
  assert.match(
    (await chat('page', [last], { overflow: 'truncate' })).message,
    /overflow is "truncate", but must be error or drop-oldest/,
  );
  const message = await page.evaluate(() =>
    window.engines.page.completions
      .create({ prompt: 'a', overflow: 'drop-oldest' })
      .catch((problem) => problem.message),
  );
  assert.match(message, /goes with messages/);
});

test('turns are left out as a whole, system messages and the last turn never', async () => {
  const roles = (text) =>
    [...text].map((letter) => ({ role: { s: 'system', u: 'user', a: 'assistant', t: 'tool' }[letter] }));
  const letters = (messages) => messages?.map(({ role }) => role[0]).join('');
  for (const [before, after] of [
    ['suauau', 'suau'],
    ['uau', 'u'],
    ['su', undefined],
    ['s', undefined],
    ['', undefined],
    ['uatau', 'u'],
    ['auau', 'uau'],
    ['usau', 'su'],
    ['uu', 'u'],
  ]) {
    assert.equal(letters(withoutOldestTurn(roles(before))), after, before);
  }
  const fitted = await fit(roles('suauauau'), 4, async (messages) => ({
    prompt: letters(messages),
    tokens: messages.length,
  }));
  assert.deepEqual([fitted.prompt, fitted.dropped], ['suau', 4]);
});
