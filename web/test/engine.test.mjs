// The engine in a real browser: the contract of the package, and the tokens that the same bundle gives on the JVM.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openPage, quern, setStage, skip } from './stage.mjs';

let stage, server, page, bundle;

before(async () => {
  if (skip) return;
  stage = await setStage();
  server = stage.server;
  bundle = join(stage.folder, 'tiny');
  page = await openPage(stage);
});

after(() => stage?.close());

/** Runs in the page; `engine` is made anew and unloaded at the end. */
function withEngine(body, argument) {
  return page.evaluate(
    async ([source, given]) => {
      const engine = await window.quern.createEngine('/bundles/tiny');
      try {
        return await new Function('engine', 'given', `return (${source})(engine, given)`)(engine, given);
      } finally {
        await engine.unload();
      }
    },
    [body.toString(), argument],
  );
}

test('greedy tokens are those of the JVM', { skip }, async () => {
  const expected = JSON.parse(
    execFileSync(quern, ['run', bundle, '-p', 'ab', '-n', '48', '--json'], { encoding: 'utf8' }),
  );
  const { tokens, choices, usage } = await withEngine((engine) =>
    engine.completions.create({ prompt: 'ab', max_tokens: 48 }),
  );
  assert.deepEqual(tokens, expected.tokens);
  assert.equal(choices[0].text, expected.text);
  assert.equal(choices[0].finish_reason, 'length');
  assert.equal(usage.prompt_tokens, expected.prompt_tokens.length);
  assert.equal(usage.completion_tokens, 48);
});

test('with one seed the sampled tokens are those of the JVM', { skip }, async () => {
  const sampling = ['--temperature', '0.9', '--top-k', '30', '--top-p', '0.95', '--min-p', '0.01', '--seed', '7'];
  const expected = JSON.parse(
    execFileSync(quern, ['run', bundle, '-p', 'ab', '-n', '24', '--json', ...sampling], { encoding: 'utf8' }),
  );
  const { tokens } = await withEngine((engine) =>
    engine.completions.create({
      prompt: 'ab',
      max_tokens: 24,
      temperature: 0.9,
      top_k: 30,
      top_p: 0.95,
      min_p: 0.01,
      seed: 7,
    }),
  );
  assert.deepEqual(tokens, expected.tokens);
});

test('a stream gives the same text piece by piece, and the usage at its end', { skip }, async () => {
  const { whole, pieces, last } = await withEngine(async (engine) => {
    const whole = await engine.completions.create({ prompt: 'hello', max_tokens: 20 });
    const pieces = [];
    let last;
    for await (const chunk of engine.completions.create({ prompt: 'hello', max_tokens: 20, stream: true })) {
      pieces.push(chunk.choices[0].text);
      last = chunk;
    }
    return { whole: whole.choices[0].text, pieces, last };
  });
  assert.equal(pieces.join(''), whole);
  assert.ok(pieces.length > 3);
  assert.equal(last.choices[0].finish_reason, 'length');
  assert.equal(last.usage.completion_tokens, 20);
});

test('a chat is continued by the model’s own template, in one piece and as a stream', { skip }, async () => {
  const { chat, plain, streamed, roles } = await withEngine(async (engine) => {
    const messages = [
      { role: 'system', content: 'short' },
      { role: 'user', content: 'hello' },
    ];
    const sampling = { max_tokens: 12, temperature: 0 };
    const chat = await engine.chat.completions.create({ messages, ...sampling });
    const plain = await engine.completions.create({
      prompt: 'system: short\nuser: hello\nassistant: ',
      ...sampling,
    });
    let streamed = '';
    for await (const chunk of engine.chat.completions.create({ messages, ...sampling, stream: true })) {
      streamed += chunk.choices[0].delta.content ?? '';
    }
    return { chat: chat.choices[0].message, plain: plain.choices[0].text, streamed, roles: chat.object };
  });
  assert.equal(chat.role, 'assistant');
  assert.equal(chat.content, plain);
  assert.equal(streamed, plain);
  assert.equal(roles, 'chat.completion');
});

test('an abort ends a request in its middle, and the engine goes on', { skip }, async () => {
  const { aborted, reason, after } = await withEngine(async (engine) => {
    const controller = new AbortController();
    let aborted = 0;
    let reason;
    for await (const chunk of engine.completions.create({
      prompt: 'hello',
      max_tokens: 200,
      stream: true,
      signal: controller.signal,
    })) {
      if (++aborted === 2) controller.abort();
      reason = chunk.choices[0].finish_reason;
    }
    const after = await engine.completions.create({ prompt: 'hello', max_tokens: 4 });
    return { aborted, reason, after: after.usage.completion_tokens };
  });
  assert.ok(aborted < 150, `${aborted} pieces came`);
  assert.equal(reason, 'abort');
  assert.equal(after, 4);
});

test('progress counts bytes and kernels to the end; the second load fetches no weights', { skip }, async () => {
  const load = () =>
    page.evaluate(async () => {
      const steps = [];
      const engine = await window.quern.createEngine('/bundles/tiny', { onProgress: (step) => steps.push(step) });
      const model = engine.model;
      const device = engine.deviceInfo();
      await engine.unload();
      return { steps, model, device };
    });
  const { steps, model, device } = await load();
  for (const phase of ['weights', 'pipelines']) {
    const last = steps.filter((step) => step.phase === phase).at(-1);
    assert.equal(last.loaded, last.total, phase);
    assert.ok(last.total > 0, phase);
  }
  assert.equal(model.profile, 'portable');
  assert.ok(device.limits.maxBufferSize > 0);
  server.log.length = 0;
  await load();
  assert.deepEqual(
    server.log.filter((line) => line.includes('/weights/')),
    [],
  );
});

test('the memory plan is told to the byte before any weight is fetched', { skip }, async () => {
  server.log.length = 0;
  const { memory, kernels, source } = await page.evaluate(async () => {
    await (await navigator.storage.getDirectory()).removeEntry('quern', { recursive: true });
    const bundle = await window.quern.openBundle('/bundles/tiny');
    const plan = bundle.memoryPlan();
    return { ...plan, source: await bundle.kernelSource(plan.kernels[0]) };
  });
  assert.deepEqual(
    server.log.filter((line) => line.includes('/weights/')),
    [],
  );
  assert.equal(memory.arena_bytes, memory.arena_lower_bound_bytes);
  const manifest = JSON.parse(readFileSync(join(bundle, 'plan-portable.json'), 'utf8'));
  const sum = (parts) => parts.reduce((total, part) => total + part.bytes, 0);
  assert.equal(memory.total_bytes, sum(manifest.weights) + sum(manifest.buffers));
  assert.ok(kernels.length > 0);
  assert.match(source, /@compute/);
});

test('a download that breaks off is resumed where it broke', { skip }, async () => {
  const [weights, size] = [join(bundle, 'weights', '000.bin'), 9 << 20];
  assert.ok(existsSync(weights));
  // A file of its own, longer than two parts, through the same code that reads weights.
  const file = join(stage.folder, 'long.bin');
  const bytes = Buffer.alloc(size, 'quern');
  writeFileSync(file, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  server.state.cut = (path) => (path.endsWith('long.bin') ? 6 << 20 : undefined);
  server.state.meddle = (request, response) => {
    if (!request.url.endsWith('long.bin') || !request.headers.range) return false;
    response.writeHead(503).end();
    return true;
  };
  const read = () =>
    page.evaluate(
      async ([url, bytes, sha256]) => {
        const { readFile } = await import('/quern/download.js');
        const { ServerFolder } = await import('/quern/origins.js');
        const { openPartStore } = await import('/quern/parts.js');
        const store = await openPartStore();
        const folder = new ServerFolder(new URL('.', new URL(url, location.href)));
        const bring = (wanted, fetching) => folder.bring('long.bin', wanted, fetching);
        let counted = 0;
        try {
          const keeping = { put: (store, key, part) => store.put(key, part) };
          const patience = { backoffMs: 10, tries: 2 };
          const progress = (more) => (counted += more);
          const whole = await readFile(store, { bring, name: url, bytes, sha256 }, { keeping, patience, progress });
          const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
          const hex = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
          return { right: hex === sha256, counted, store: store.name };
        } catch (problem) {
          return { kind: problem.kind, message: problem.message };
        }
      },
      ['/bundles/long.bin', size, sha256],
    );
  const broken = await read();
  assert.equal(broken.kind, 'network');
  assert.match(
    broken.message,
    /broke off after \d+ of 9437184 bytes: the server answered 503\. Load again: what has come is kept\./,
  );
  server.state.cut = () => undefined;
  server.state.meddle = () => false;
  server.log.length = 0;
  const whole = await read();
  assert.deepEqual(whole, { right: true, counted: size, store: 'private file system' });
  assert.deepEqual(
    server.log.filter((line) => line.includes('long.bin')),
    [`GET /bundles/long.bin bytes=${4 << 20}-`],
  );
});

test('a damaged file is refused by name', { skip }, async () => {
  const damaged = join(stage.folder, 'damaged');
  cpSync(bundle, damaged, { recursive: true });
  const weights = join(damaged, 'weights', '000.bin');
  const bytes = readFileSync(weights);
  bytes[100] ^= 1;
  writeFileSync(weights, bytes);
  const load = () =>
    page.evaluate(async () => {
      // Nothing of the intact bundle, whose files have the same hashes.
      await (await navigator.storage.getDirectory()).removeEntry('quern', { recursive: true });
      return window.quern.createEngine('/bundles/damaged').then(
        () => 'loaded',
        (problem) => ({ name: problem.name, kind: problem.kind, message: problem.message }),
      );
    });
  const refused = await load();
  assert.equal(refused.name, 'QuernError');
  assert.equal(refused.kind, 'bundle');
  assert.match(refused.message, /weights\/000\.bin is damaged/);
});

test('what is no bundle is refused with a sentence', { skip }, async () => {
  const problem = await page.evaluate(() =>
    window.quern.createEngine('/bundles/none').catch(({ kind, message }) => ({ kind, message })),
  );
  assert.equal(problem.kind, 'network');
  assert.match(problem.message, /manifest\.json cannot be fetched: the server answered 404/);
});

test('a request that asks for too much is refused with a sentence', { skip }, async () => {
  const problem = await withEngine((engine) =>
    engine.completions.create({ prompt: 'a'.repeat(1000) }).catch(({ kind, message }) => ({ kind, message })),
  );
  assert.equal(problem.kind, 'prompt');
  assert.match(problem.message, /The prompt has 1000 tokens/);
});
