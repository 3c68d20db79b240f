// Engines in workers and service workers: the same interface, the same answers, the same errors.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, setStage, skip } from './stage.mjs';

let stage, server, page;

before(async () => {
  if (skip) return;
  stage = await setStage();
  server = stage.server;
  page = await openWithMakers();
});

after(() => stage?.close());

async function openWithMakers() {
  const opened = await openPage(stage);
  await opened.evaluate(() => {
    const worker = (script) => () => new Worker(script, { type: 'module' });
    const source = '/bundles/tiny';
    window.makers = {
      'javascript in a worker': (options) =>
        window.quern.createWorkerEngine(worker('/quern/worker.js'), source, { ...options, target: 'javascript' }),
      page: (options) => window.quern.createEngine(source, options),
      worker: (options) => window.quern.createWorkerEngine(worker('/quern/worker.js')(), source, options),
      'own worker': (options) => window.quern.createWorkerEngine(worker('/worker-page.mjs'), source, options),
      'service worker': async (options) => {
        const registration = await navigator.serviceWorker.register('/service-worker-page.mjs', { type: 'module' });
        return window.quern.createServiceWorkerEngine(registration, source, options);
      },
    };
    /** What an engine says in all its ways. */
    window.contract = async (engine) => {
      const request = { prompt: 'once', max_tokens: 12 };
      const whole = await engine.completions.create(request);
      let streamed = '';
      const objects = new Set();
      for await (const chunk of engine.completions.create({ ...request, stream: true })) {
        streamed += chunk.choices[0].text;
        objects.add(chunk.object);
      }
      const messages = [{ role: 'user', content: 'hello' }];
      const chat = await engine.chat.completions.create({ messages, max_tokens: 5, temperature: 0 });
      const pieces = [];
      const asked = { messages, max_tokens: 5, temperature: 0, stream: true };
      for await (const chunk of engine.chat.completions.create(asked)) {
        pieces.push(chunk.choices[0].delta);
      }
      await engine.reset();
      const fresh = await engine.completions.create(request);
      const refused = (request) =>
        engine.completions.create(request).catch((problem) => ({
          ours: problem instanceof window.quern.QuernError,
          kind: problem.kind,
          message: problem.message,
        }));
      return {
        model: engine.model,
        memory: engine.memoryPlan(),
        vendor: engine.deviceInfo().vendor,
        tokens: whole.tokens,
        text: whole.choices[0].text,
        streamed,
        objects: [...objects],
        chat: chat.choices[0].message,
        pieces,
        reused: fresh.usage.extra.reused_tokens,
        ids: await engine.tokenize('hello'),
        tooLong: await refused({ prompt: 'a'.repeat(1000) }),
        unknown: await refused({ prompt: 'a', n: 3 }),
        aborted: await refused({ prompt: 'a', signal: AbortSignal.abort() }),
      };
    };
  });
  return opened;
}

test('an engine says the same in the page, in workers, in a service worker, and as JavaScript', { skip }, async () => {
  const said = {};
  for (const place of ['page', 'worker', 'own worker', 'service worker', 'javascript in a worker']) {
    said[place] = await page.evaluate(async (place) => {
      const phases = new Set();
      const engine = await window.makers[place]({ onProgress: ({ phase }) => phases.add(phase) });
      const contract = await window.contract(engine);
      await engine.unload();
      const after = await engine.completions.create({ prompt: 'a' }).catch(({ kind, message }) => ({ kind, message }));
      return { ...contract, phases: [...phases].sort(), after };
    }, place);
  }
  const { page: local, ...remote } = said;
  assert.equal(local.streamed, local.text);
  assert.equal(local.reused, 0);
  assert.deepEqual(local.pieces[0], { role: 'assistant', content: '' });
  assert.equal(local.tooLong.kind, 'prompt');
  assert.equal(local.tooLong.ours, true);
  assert.match(local.unknown.message, /n: 3 is not possible/);
  assert.equal(local.aborted.kind, 'aborted');
  assert.equal(local.after.kind, 'request');
  for (const [place, contract] of Object.entries(remote)) {
    assert.deepEqual(contract, local, place);
  }
});

for (const place of ['worker', 'service worker']) {
  test(`in a ${place} a request ends by its signal, by leaving its loop and by interrupt`, { skip }, async () => {
    const { reason, pieces, interrupted, left } = await page.evaluate(async (place) => {
      const engine = await window.makers[place]();
      const request = { prompt: 'hello', max_tokens: 200, temperature: 1, seed: 5 };
      const controller = new AbortController();
      let [pieces, reason, left, interrupted] = [0, undefined, 0, undefined];
      for await (const chunk of engine.completions.create({ ...request, stream: true, signal: controller.signal })) {
        if (++pieces === 2) controller.abort();
        reason = chunk.choices[0].finish_reason;
      }
      for await (const _ of engine.completions.create({ ...request, stream: true })) {
        if (++left === 2) break;
      }
      for await (const chunk of engine.completions.create({ ...request, stream: true })) {
        engine.interrupt();
        interrupted = chunk.choices[0].finish_reason;
      }
      await engine.unload();
      return { reason, pieces, interrupted, left };
    }, place);
    assert.equal(reason, 'abort');
    assert.ok(pieces < 150, `${pieces} pieces came`);
    assert.equal(left, 2);
    assert.equal(interrupted, 'abort');
  });
}

test(
  'engines as JavaScript do not disturb each other, and are taken where WebAssembly has no garbage collection',
  { skip },
  async () => {
    const [alone, together, loaded] = await page.evaluate(async () => {
      const request = { prompt: 'once', max_tokens: 10 };
      const wasm = await window.makers.page();
      const alone = (await wasm.completions.create(request)).tokens;
      const validate = WebAssembly.validate;
      WebAssembly.validate = () => false;
      const both = await Promise.all([window.makers.page(), window.makers.page()]);
      WebAssembly.validate = validate;
      await both[1].completions.create({ prompt: 'another text', max_tokens: 3 });
      const together = await Promise.all(both.map((engine) => engine.completions.create(request)));
      await Promise.all([wasm, ...both].map((engine) => engine.unload()));
      const loaded = performance.getEntriesByType('resource').filter(({ name }) => name.includes('quern-engine.js'));
      return [alone, together.map(({ tokens }) => tokens), loaded.length];
    });
    assert.deepEqual(together, [alone, alone]);
    assert.equal(loaded >= 2, true);
  },
);

test('what cannot be opened fails in a worker as it does in the page', { skip }, async () => {
  const problems = await page.evaluate(async () => {
    const problems = [];
    const worker = (script) => new Worker(script, { type: 'module' });
    for (const open of [
      () => window.quern.createEngine('/bundles/none'),
      () => window.quern.createWorkerEngine(worker('/quern/worker.js'), '/bundles/none'),
      () => window.quern.createWorkerEngine(worker('/no-such-script.js'), '/bundles/tiny'),
    ]) {
      problems.push(await open().catch(({ kind, message }) => ({ kind, message })));
    }
    return problems;
  });
  assert.equal(problems[0].kind, 'network');
  assert.deepEqual(problems[1], problems[0]);
  assert.equal(problems[2].kind, 'worker_lost');
  assert.match(problems[2].message, /The worker failed: its script cannot be loaded/);
});

test('a worker that breaks is replaced by another where it was given as a function', { skip }, async () => {
  const { tokens, again, problem, waited } = await page.evaluate(async () => {
    const workers = [];
    const start = () => workers[workers.push(new Worker('/worker-page.mjs', { type: 'module' })) - 1];
    const request = { prompt: 'once', max_tokens: 6 };
    const failure = (promise) => promise.catch(({ kind, message }) => ({ kind, message }));
    const replaced = await window.quern.createWorkerEngine(start, '/bundles/tiny');
    const { tokens } = await replaced.completions.create(request);
    workers[0].postMessage('break');
    const again = (await replaced.completions.create(request)).tokens;
    await replaced.unload();
    const given = await window.quern.createWorkerEngine(start(), '/bundles/tiny');
    workers.at(-1).postMessage('break');
    const problem = await failure(given.completions.create(request));
    const waited = await failure(given.completions.create(request));
    workers.at(-1).terminate();
    return { tokens, again, problem, waited };
  });
  assert.deepEqual(again, tokens);
  assert.equal(problem.kind, 'worker_lost');
  assert.match(problem.message, /The worker failed: .*broken as told/);
  assert.deepEqual(waited, problem);
});

test('two pages share the model of a service worker, which goes with the last of them', { skip }, async () => {
  const other = await openWithMakers();
  const load = () =>
    window.makers['service worker']().then((engine) => {
      window.shared = engine;
      return engine.completions.create({ prompt: 'once', max_tokens: 6 }).then(({ tokens }) => tokens);
    });
  const first = await page.evaluate(load);
  const loads = await other.evaluate(async () => {
    let pipelines = 0;
    const engine = await window.makers['service worker']({ onProgress: () => pipelines++ });
    const { tokens, usage } = await engine.completions.create({ prompt: 'once', max_tokens: 6 });
    await engine.unload();
    return { tokens, reused: usage.extra.reused_tokens, pipelines };
  });
  assert.deepEqual(loads, { tokens: first, reused: 3, pipelines: 0 });
  // The first page's engine is still there.
  assert.deepEqual(
    await page.evaluate(() =>
      window.shared.completions.create({ prompt: 'once', max_tokens: 6 }).then((a) => a.tokens),
    ),
    first,
  );
  await page.evaluate(() => window.shared.unload());
  await other.close();
});

test('a service worker that was stopped has its model again for the next request', { skip }, async () => {
  const protocol = await stage.browser.context.newCDPSession(page);
  await protocol.send('ServiceWorker.enable');
  const tokens = await page.evaluate(async () => {
    window.phases = [];
    window.stopped = await window.makers['service worker']({ onProgress: ({ phase }) => window.phases.push(phase) });
    return (await window.stopped.completions.create({ prompt: 'once', max_tokens: 6 })).tokens;
  });
  await protocol.send('ServiceWorker.stopAllWorkers');
  const again = await page.evaluate(async () => {
    const { tokens } = await window.stopped.completions.create({ prompt: 'once', max_tokens: 6 });
    await window.stopped.unload();
    return { tokens, recovered: window.phases.includes('recover') };
  });
  assert.deepEqual(again, { tokens, recovered: true });
});
