// Requests as those write them who know OpenAI's: what is understood, what is ignored, what is refused by name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, setStage, skip } from './stage.mjs';

let stage, page;

before(async () => {
  if (skip) return;
  stage = await setStage();
  page = await openPage(stage);
  await page.evaluate(async () => {
    window.engine = await window.quern.createEngine('/bundles/tiny');
    window.refusal = (promise) =>
      promise.then(
        () => 'no refusal',
        ({ kind, message }) => `${kind}: ${message}`,
      );
  });
});

after(() => stage?.close());

const refusal = (request) =>
  page.evaluate((given) => window.refusal(window.engine.completions.create({ prompt: 'ab', ...given })), request);

test('what would change the answer and cannot be done is refused by name', { skip }, async () => {
  for (const [request, words] of [
    [{ n: 2 }, /request: n: 2 is not possible here/],
    [{ frequency_penalty: 0.5 }, /frequency_penalty: 0\.5 is not possible/],
    [{ logprobs: 3 }, /logprobs: 3 is not possible/],
    [{ response_format: { type: 'json_object' } }, /response_format: .*json_object.* is not possible/],
    [{ tools: [{ type: 'function' }] }, /tools: .* is not possible/],
    [{ max_token: 5 }, /The parameter max_token is not known/],
    [{ temperature: -1 }, /temperature is -1, but must be a number of at least 0/],
    [{ top_p: 1.5 }, /top_p is 1\.5, but must be a number from 0 to 1/],
    [{ max_tokens: 0 }, /max_tokens is 0, but must be a number of at least 1/],
    [{ max_tokens: 2.5 }, /max_tokens is 2\.5, but must be a whole number/],
    [{ stop: [''] }, /stop is \[""\], but must be text/],
    [{ stream: 'yes' }, /stream is "yes", but must be true or false/],
    [{ stream_options: { include_usage: true } }, /stream_options .* goes with stream: true only/],
    [{ prompt: ['a', 'b'] }, /prompt must be one text, or a list of token numbers/],
  ]) {
    assert.match(await refusal(request), words);
  }
});

test('what asks for nothing, or says nothing about the answer, is accepted', { skip }, async () => {
  const [plain, decorated] = await page.evaluate(async () => {
    const { completions } = window.engine;
    const plain = await completions.create({ prompt: 'ab', max_tokens: 6 });
    const decorated = await completions.create({
      prompt: 'ab',
      max_completion_tokens: 6,
      model: 'anything',
      user: 'somebody',
      n: 1,
      presence_penalty: 0,
      logit_bias: null,
      logprobs: null,
      response_format: { type: 'text' },
      tools: [],
      stop: null,
      stream: null,
      stream_options: null,
    });
    return [plain, decorated];
  });
  assert.deepEqual(decorated.tokens, plain.tokens);
});

test('a stream of a chat begins with the role; the usage comes as it is asked for', { skip }, async () => {
  const streams = await page.evaluate(async () => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'hel' }, { type: 'text', text: 'lo' }] }];
    const streams = [];
    for (const stream_options of [undefined, { include_usage: true }, { include_usage: false }]) {
      const chunks = [];
      const request = { messages, max_tokens: 5, stream: true, stream_options };
      // As OpenAI's client is used: the stream is awaited first.
      for await (const chunk of await window.engine.chat.completions.create(request)) chunks.push(chunk);
      streams.push(chunks);
    }
    return streams;
  });
  for (const chunks of streams) {
    assert.deepEqual(chunks[0].choices[0].delta, { role: 'assistant', content: '' });
    assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
  }
  const [last, own, none] = streams;
  assert.equal(last.at(-1).choices[0].finish_reason, 'length');
  assert.equal(last.at(-1).usage.completion_tokens, 5);
  assert.deepEqual(own.at(-1).choices, []);
  assert.equal(own.at(-1).usage.completion_tokens, 5);
  assert.equal(own.at(-2).choices[0].finish_reason, 'length');
  assert.ok(none.every(({ usage }) => usage === undefined));
});

test('a chat that is no chat is refused', { skip }, async () => {
  const refused = (messages) =>
    page.evaluate((given) => window.refusal(window.engine.chat.completions.create({ messages: given })), messages);
  assert.match(await refused([]), /messages must be a list with at least one message/);
  assert.match(await refused([{ content: 'hello' }]), /messages\[0\] has no role/);
  assert.match(
    await refused([{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }]),
    /messages\[0\]\.content has a part of type "image_url"; this engine reads text only/,
  );
});

test('after a reset nothing of the conversation is used again', { skip }, async () => {
  const reused = await page.evaluate(async () => {
    const reused = [];
    for (const reset of [true, false, true]) {
      if (reset) await window.engine.reset();
      const { usage } = await window.engine.completions.create({ prompt: 'conversation', max_tokens: 2 });
      reused.push(usage.extra.reused_tokens);
    }
    return reused;
  });
  assert.deepEqual(reused, [0, 11, 0]);
});

test('support is told without loading anything, with advice where there is none', { skip }, async () => {
  const support = await page.evaluate(() => window.quern.checkSupport());
  assert.equal(support.ok, true);
  assert.notEqual(support.device, '');
  const without = async (script) => {
    const other = await openPage(stage, script);
    const found = await other.evaluate(async () => {
      const support = await window.quern.checkSupport();
      const error = await window.quern.createEngine('/bundles/tiny').catch(({ kind, message }) => ({ kind, message }));
      return { support, error };
    });
    await other.close();
    return found;
  };
  const none = await without(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
  assert.equal(none.support.kind, 'no_webgpu');
  assert.match(none.support.advice, /chrome:\/\/flags/);
  assert.equal(none.error.kind, 'no_webgpu');
  assert.equal(none.error.message, `${none.support.message} ${none.support.advice}`);
  const device = await without(() => (GPU.prototype.requestAdapter = async () => null));
  assert.equal(device.support.kind, 'no_device');
  assert.match(device.support.message, /found no graphics device/);
  assert.equal(device.error.kind, 'no_device');
});
