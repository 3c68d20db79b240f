// Where texts and requests are odd: the browser does what the JVM does, or says the same.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openPage, quern, setStage, skip } from './stage.mjs';

let stage, page, bundle;

const run = (...parameters) => promisify(execFile)(quern, ['run', bundle, ...parameters], { encoding: 'utf8' });
/** What the JVM answers: the JSON of `quern run`. */
const jvm = async (...parameters) => JSON.parse((await run('--json', ...parameters)).stdout);
/** What the JVM says where it refuses. */
const jvmRefusal = (...parameters) =>
  run(...parameters).then(
    () => assert.fail(`not refused: ${parameters.join(' ')}`),
    ({ stderr }) => /^error: (.*)$/m.exec(stderr.replaceAll(/\n(?=\S)/g, ' ').trim())?.[1] ?? stderr,
  );
const complete = (request) => page.evaluate((given) => window.engine.completions.create(given), request);
const refusal = (request) =>
  page.evaluate(
    (given) =>
      window.engine.completions.create(given).then(
        () => 'not refused',
        ({ kind, message }) => `${kind}: ${message}`,
      ),
    request,
  );
/** The pieces of a stream, and its last chunk. */
const streamed = (request) =>
  page.evaluate(async (given) => {
    const chunks = [];
    for await (const chunk of window.engine.completions.create({ ...given, stream: true })) chunks.push(chunk);
    return { pieces: chunks.map(({ choices }) => choices[0].text), last: chunks.at(-1) };
  }, request);

before(async () => {
  if (skip) return;
  stage = await setStage();
  bundle = join(stage.folder, 'tiny');
  page = await openPage(stage);
  await page.evaluate(async () => {
    window.engine = await window.quern.createEngine('/bundles/tiny');
  });
});

after(() => stage?.close());

test('any text has the tokens of its UTF-8 bytes', { skip }, async () => {
  for (const text of [
    'a\0b',
    '\u0001\u0002',
    'né 🙂 𝔸',
    '👩‍👩‍👧',
    '<|nope|><|im_start|>',
    '\r\n\t ',
    '\uFEFFx',
    '\u2028',
    'a\uD83D',
    '\uDE42b',
    '\uD83D\uD83D\uDE42',
  ]) {
    const tokens = await page.evaluate((given) => window.engine.tokenize(given), text);
    // In this vocabulary an id is a byte's place in GPT-2's alphabet, which keeps their order; unpaired surrogates
    // count as U+FFFD.
    assert.deepEqual(tokens, [...Buffer.from(text.toWellFormed?.() ?? text, 'utf8')], JSON.stringify(text));
  }
});

test('random bytes stream as the text that the JVM shows', { skip }, async () => {
  const sampling = { prompt: 'né 🙂', max_tokens: 200, temperature: 2, seed: -5 };
  const expected = await jvm('-p', sampling.prompt, '-n', '200', '--temperature', '2', '--seed', '-5');
  const whole = await complete(sampling);
  const { pieces, last } = await streamed(sampling);
  assert.deepEqual(whole.tokens, expected.tokens);
  assert.equal(whole.choices[0].text, expected.text);
  assert.equal(pieces.join(''), expected.text);
  assert.ok(expected.text.includes('\uFFFD'), 'bytes that are no UTF-8 are expected among the random ones');
  for (const piece of pieces) assert.doesNotMatch(piece, /[\uD800-\uDBFF]$|^[\uDC00-\uDFFF]/);
  assert.equal(last.usage.completion_tokens, whole.usage.completion_tokens);
});

test(
  'a stop string that several tokens spell ends the text before it, and nothing of it is streamed',
  { skip },
  async () => {
    const prompt = 'stop here';
    const text = (await complete({ prompt, max_tokens: 60 })).choices[0].text;
    const [stop] = /[ -~]{3}/.exec(text.slice(6)) ?? [];
    assert.ok(stop, `no three letters in a row in ${JSON.stringify(text)}`);
    const expected = await jvm('-p', prompt, '-n', '60', '--stop', stop, '--stop', 'never seen');
    const request = { prompt, max_tokens: 60, stop: [stop, 'never seen'] };
    const whole = await complete(request);
    const { pieces, last } = await streamed(request);
    assert.equal(expected.stop_reason, 'stop_string');
    assert.equal(whole.choices[0].finish_reason, 'stop');
    assert.equal(whole.choices[0].text, expected.text);
    assert.equal(expected.text, text.slice(0, text.indexOf(stop)));
    assert.deepEqual(whole.tokens, expected.tokens);
    assert.equal(pieces.join(''), expected.text);
    assert.equal(last.choices[0].finish_reason, 'stop');
  },
);

test('a full context ends the text where the JVM ends it', { skip }, async () => {
  const expected = await jvm('-p', 'ab', '-n', '400');
  const whole = await complete({ prompt: 'ab', max_tokens: 400 });
  assert.deepEqual(whole.tokens, expected.tokens);
  assert.equal(whole.choices[0].text, expected.text);
  assert.equal(whole.choices[0].finish_reason, expected.stop_reason === 'end_of_text' ? 'stop' : 'length');
  // The engine goes on.
  assert.equal((await complete({ prompt: 'ab', max_tokens: 3 })).tokens.length, 3);
});

test('what cannot be done is refused in the words of the JVM', { skip }, async () => {
  const long = 'a'.repeat(300);
  const [kind, words] = (await refusal({ prompt: long })).split(/: (.*)/s);
  assert.equal(kind, 'prompt');
  assert.equal(normal(await jvmRefusal('-p', long)), normal(words));
  const [, none] = (await refusal({ prompt: '' })).split(/: (.*)/s);
  assert.match(none, /^The prompt has no tokens/);
  assert.equal(normal(await jvmRefusal('-p', '')), normal(none));
  assert.match(await refusal({ prompt: 'ab', max_tokens: 0 }), /^request: max_tokens is 0/);
  assert.match(await refusal({ prompt: [] }), /^prompt: /);
  assert.match(await refusal({ prompt: [97, 257] }), /^prompt: .*257/);
  assert.match(
    await refusal({ prompt: [97, -1] }),
    /^request: prompt must be one text, or a list of token numbers from 0/,
  );
  assert.match(
    await refusal({ prompt: [97, 1.5] }),
    /^request: prompt must be one text, or a list of token numbers from 0/,
  );
});

const normal = (text) => text.replaceAll(/\s+/g, ' ').trim();

test('an odd request leaves the engine as it was', { skip }, async () => {
  const before = await complete({ prompt: 'ab', max_tokens: 8 });
  await complete({ prompt: '\uD83D', max_tokens: 2, stop: '\uDE42' });
  await complete({ prompt: '\0', max_tokens: 1 });
  await page.evaluate(() =>
    window.engine.chat.completions.create({ messages: [{ role: 'user', content: '\uD83D{{ x }}\0' }], max_tokens: 2 }),
  );
  assert.deepEqual((await complete({ prompt: 'ab', max_tokens: 8 })).tokens, before.tokens);
});
