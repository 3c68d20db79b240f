// The compiler in the page: a model file becomes the bundle that the JVM's compiler makes of it, byte for byte, and
// answers.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, copyFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, serve } from './browser.mjs';
import { quern, skip } from './stage.mjs';
import { writeLargeKeyModel, writeSplitModel, writeTinyModel } from './tiny-model.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const stories = join(root, '..', 'shared', 'models', 'stories260K-q8_0.gguf');
const skipStories = skip || (existsSync(stories) ? false : `${stories} is not there`);

/** Whatever a model may advise on choosing tokens. */
const ADVICE = { temp: 0.6, top_k: 20, top_p: 0.9, min_p: 0.01, penalty_repeat: 1.05, penalty_last_n: 32 };

let folder, server, elsewhere, browser, page;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-compile-'));
  writeTinyModel(join(folder, 'tiny.gguf'));
  writeTinyModel(join(folder, 'advising.gguf'), { sampling: ADVICE });
  writeSplitModel(folder, 'split');
  if (!skipStories) copyFileSync(stories, join(folder, 'stories.gguf'));
  server = await serve({ '/quern/': join(here, '..', 'dist'), '/models/': folder, '/': here });
  elsewhere = await serve({ '/': folder });
  browser = await launch();
  page = await browser.context.newPage();
  await page.goto(`${server.url}/page.html`);
  await page.waitForFunction(() => document.title === 'ready');
  await page.evaluate(() => {
    window.file = async (name) => new File([await (await fetch(`/models/${name}`)).blob()], name);
    window.refusal = (promise) =>
      promise.then(
        () => 'no refusal',
        ({ kind, name, message }) => `${kind ?? name}: ${message}`,
      );
  });
});

after(async () => {
  await browser?.close();
  await server?.close();
  await elsewhere?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** Compiles on the JVM; answers the manifest. */
function compiled(name, ...options) {
  const bundle = join(folder, `${name}-${options.join('')}`);
  execFileSync(quern, ['compile', join(folder, `${name}.gguf`), '-o', bundle, ...options], { stdio: 'ignore' });
  return { bundle, manifest: JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8')) };
}

/** The manifest that the page has noted of a model that it compiled. */
function compiledInPage(name, options) {
  return page.evaluate(
    async ([name, options]) => {
      const bundle = await window.quern.openModel(await window.file(name), options);
      await (await bundle.load()).unload();
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('quern');
      const manifests = [];
      for await (const handle of folder.values()) {
        if (handle.name.startsWith('model-')) {
          manifests.push(JSON.parse(await (await handle.getFile()).text()));
        }
      }
      manifests.sort((a, b) => a.opened - b.opened);
      return JSON.parse(manifests.at(-1).manifest);
    },
    [name, options],
  );
}

/** What the JVM finds in a model file. */
function verified(name) {
  const { status, stdout } = spawnSync(quern, ['verify', '--json', '--profile', 'portable', join(folder, name)], {
    encoding: 'utf8',
  });
  assert.ok(status === 0 || status === 1, `verify ended with ${status}`);
  return JSON.parse(stdout).findings;
}

function tokensOnJvm(bundle, prompt) {
  const arguments_ = ['run', bundle, '-p', prompt, '-n', '24', '--json'];
  return JSON.parse(execFileSync(quern, arguments_, { encoding: 'utf8' })).tokens;
}

function answerOf(name, prompt) {
  return page.evaluate(
    async ([name, prompt]) => {
      const engine = await window.quern.createEngine(await window.file(name));
      const { tokens } = await engine.completions.create({ prompt, max_tokens: 24 });
      await engine.unload();
      return tokens;
    },
    [name, prompt],
  );
}

function refusalOf(address) {
  return page.evaluate((address) => window.refusal(window.quern.openModel(address)), address);
}

/** All that a bundle holds; a page makes no self-test. */
function withoutSelfTest(manifest) {
  return { ...manifest, files: manifest.files.filter(({ name }) => name !== 'selftest.json') };
}

test('what the page compiles is what the JVM compiles, byte for byte', { skip }, async () => {
  for (const context of [256, 64]) {
    for (const name of ['tiny', 'advising']) {
      const { manifest } = compiled(name, '--profile', 'portable', '--context', `${context}`);
      const inPage = await compiledInPage(`${name}.gguf`, { profile: 'portable', context });
      assert.deepEqual(inPage, withoutSelfTest(manifest));
    }
  }
});

const PARTS = [1, 2, 3].map((number) => `split-0000${number}-of-00003.gguf`);

test('a model that was split into files is the model, however its files are chosen', { skip }, async () => {
  const answers = await page.evaluate(
    async ([parts, prompt]) => {
      const files = await Promise.all(parts.map(window.file));
      const worker = () => new Worker('/quern/worker.js', { type: 'module' });
      const options = { profile: 'portable', keep: 'never' };
      const answers = [];
      for (const open of [
        () => window.quern.openModel('/models/split.gguf', options),
        () => window.quern.openModel([files[2], files[0], files[1]], options),
        () => window.quern.openModel(`/models/${parts[1]}`, options),
        () => window.quern.openWorkerBundle(worker, files, options),
      ]) {
        const engine = await (await open()).load();
        answers.push((await engine.completions.create({ prompt, max_tokens: 24 })).tokens);
        await engine.unload();
      }
      return answers;
    },
    [PARTS, 'split'],
  );
  assert.equal(answers[0].length, 24);
  answers.slice(1).forEach((tokens) => assert.deepEqual(tokens, answers[0]));
});

test('files that are not all the files of one model are refused by name', { skip }, async () => {
  const refused = (...names) =>
    page.evaluate(
      async (names) => window.refusal(window.quern.openModel(await Promise.all(names.map(window.file)))),
      names,
    );
  assert.match(await refused(PARTS[0], PARTS[2]), /^model: .*3 files, and split-00002-of-00003\.gguf was not chosen/);
  assert.match(await refused(PARTS[1]), /^model: .*split-00001-of-00003\.gguf was not chosen/);
  assert.match(await refused(...PARTS, 'tiny.gguf'), /^model: tiny\.gguf is no part of the model/);
  assert.match(await refused('tiny.gguf', 'advising.gguf'), /^model: 2 files were chosen, and tiny\.gguf is no part/);
  assert.match(await page.evaluate(() => window.refusal(window.quern.openModel([]))), /^model: No file was chosen/);
});

test('a model is told alike while it is compiled and when it is kept, here and over a worker', { skip }, async () => {
  const names = { temp: 'temperature', penalty_repeat: 'repeat_penalty', penalty_last_n: 'repeat_last_n' };
  const advised = Object.entries(ADVICE).map(([key, value]) => [names[key] ?? key, Math.fround(value)]);
  for (const [name, sampling] of [
    ['tiny', undefined],
    ['advising', Object.fromEntries(advised)],
  ]) {
    // With a context of its own it has not been compiled before.
    const { manifest } = compiled(name, '--profile', 'portable', '--context', '52');
    const told = await page.evaluate(async (name) => {
      const file = await window.file(`${name}.gguf`);
      const options = { profile: 'portable', context: 52 };
      const worker = () => new Worker('/quern/worker.js', { type: 'module' });
      const told = [];
      for (const open of [
        () => window.quern.openModel(file, { ...options, keep: 'never' }),
        () => window.quern.openWorkerBundle(worker, file, options),
        () => window.quern.openWorkerBundle(worker, file, options),
        () => window.quern.openModel(file, options),
      ]) {
        const bundle = await open();
        const engine = await bundle.load();
        told.push({ compiled: bundle.compileSeconds !== undefined, bundle: bundle.model, engine: engine.model });
        await engine.unload();
      }
      return told;
    }, name);
    assert.deepEqual(
      told.map(({ compiled }) => compiled),
      [true, true, false, false],
    );
    const [{ engine: first }] = told;
    assert.deepEqual(first.sampling, sampling);
    // All of it stands in the manifest, but for the plan that was chosen.
    for (const [fact, value] of Object.entries(first)) {
      assert.deepEqual(value, fact === 'profile' ? 'portable' : manifest.model[fact], fact);
    }
    for (const { bundle, engine } of told) {
      assert.deepEqual(bundle, first);
      assert.deepEqual(engine, first);
    }
  }
});

test('so it is with keys and values as f32, which take twice the memory', { skip }, async () => {
  const { manifest } = compiled('tiny', '--profile', 'portable', '--cache', 'f32');
  assert.equal(manifest.model.cache_encoding, 'f32');
  const options = { profile: 'portable', cache: 'f32' };
  assert.deepEqual(await compiledInPage('tiny.gguf', options), withoutSelfTest(manifest));
  const [halves, floats, refusal] = await page.evaluate(async () => {
    const opened = async (cache) => window.quern.openModel(await window.file('tiny.gguf'), cache ? { cache } : {});
    return [
      (await opened()).memoryPlan().memory.state_bytes,
      (await opened('f32')).memoryPlan().memory.state_bytes,
      await window.refusal(opened('f64')),
    ];
  });
  assert.equal(floats, 2 * halves);
  assert.match(refusal, /^request: cache is "f64", but keys and values are kept as f16, f32 or q8_0\.$/);
});

test('where arithmetic fails the request fails, and says where; as f32 the same model answers', { skip }, async () => {
  writeLargeKeyModel(join(folder, 'large.gguf'));
  const found = await page.evaluate(async () => {
    const engine = await window.quern.createEngine(await window.file('large.gguf'));
    const ask = (prompt, more) => engine.completions.create({ prompt, max_tokens: 4, ...more });
    const good = (await ask('ab')).tokens;
    const greedy = await window.refusal(ask('abz'));
    const drawn = await window.refusal(ask('abz', { temperature: 0.8, seed: 7 }));
    const again = (await ask('ab')).tokens;
    await engine.unload();
    const floats = await window.quern.createEngine(await window.file('large.gguf'), { cache: 'f32' });
    const answered = await floats.completions.create({ prompt: 'abz', max_tokens: 12 });
    await floats.unload();
    return { good, greedy, drawn, again, tokens: answered.tokens };
  });
  for (const refusal of [found.greedy, found.drawn]) {
    assert.match(
      refusal,
      /^arithmetic: .* failed at position 2, token 122: element \d+ of %layer0\.keys is infinite.*--cache f32\.$/,
    );
  }
  assert.deepEqual(found.again, found.good);
  const { bundle } = compiled('large', '--profile', 'portable', '--cache', 'f32');
  assert.deepEqual(found.tokens, tokensOnJvm(bundle, 'abz').slice(0, found.tokens.length));
});

test('a weight that is NaN is named, and nothing of the model is kept', { skip }, async () => {
  writeTinyModel(join(folder, 'nan.gguf'), {
    change: (name, values) => {
      if (name === 'blk.1.ffn_up.weight') values[197] = NaN;
    },
  });
  const refusal = await page.evaluate(async () =>
    window.refusal(window.quern.createEngine(await window.file('nan.gguf'))),
  );
  assert.match(refusal, /^model: offset \d+, tensor 'blk\.1\.ffn_up\.weight': Element 197 is NaN/);
});

test('so it is where weights are larger than the pieces in which they are handed on', { skip }, async () => {
  // The tables of sines and cosines grow with the context: 4 MiB here.
  const key = 'llama.context_length';
  const long = readFileSync(join(folder, 'tiny.gguf'));
  long.writeUInt32LE(65536, long.indexOf(key) + key.length + 4);
  writeFileSync(join(folder, 'long.gguf'), long);
  const { manifest } = compiled('long', '--profile', 'portable', '--context', '65536');
  assert.ok(manifest.files.some(({ bytes }) => bytes > 3 << 20));
  assert.deepEqual(
    await compiledInPage('long.gguf', { profile: 'portable', context: 65536 }),
    withoutSelfTest(manifest),
  );
});

test('so it is with stories260K in q8_0, and it answers as there', { skip: skipStories }, async () => {
  const { bundle, manifest } = compiled('stories', '--profile', 'portable');
  assert.deepEqual(await compiledInPage('stories.gguf', { profile: 'portable' }), withoutSelfTest(manifest));
  assert.deepEqual(await answerOf('stories.gguf', 'Once upon a time'), tokensOnJvm(bundle, 'Once upon a time'));
});

test('before any weight is read the plan is known, its kernels too; the answer is the JVM’s', { skip }, async () => {
  const { bundle } = compiled('tiny', '--profile', 'portable');
  const found = await page.evaluate(async () => {
    const phases = new Set();
    const onProgress = ({ phase }) => phases.add(phase);
    const bundle = await window.quern.openModel(await window.file('tiny.gguf'), { onProgress, context: 128 });
    const before = { seconds: bundle.compileSeconds, model: bundle.model, plan: bundle.memoryPlan() };
    const source = await bundle.kernelSource(before.plan.kernels[0]);
    const unknown = await window.refusal(bundle.kernelSource('none'));
    const engine = await bundle.load({ onProgress });
    const { tokens } = await engine.completions.create({ prompt: 'ab', max_tokens: 24 });
    const after = { seconds: bundle.compileSeconds, source: await bundle.kernelSource(before.plan.kernels[0]) };
    await engine.unload();
    return { before, source, unknown, tokens, after, phases: [...phases] };
  });
  assert.equal(found.before.model.name, 'tiny');
  assert.equal(found.before.model.context_length, 128);
  assert.match(found.before.model.profile, /-fitted$/);
  assert.ok(found.before.plan.memory.weight_bytes > 100_000);
  assert.ok(found.before.seconds > 0 && found.after.seconds > found.before.seconds);
  assert.match(found.source, /@compute/);
  assert.equal(found.after.source, found.source);
  assert.match(found.unknown, /^request: The plan has no kernel named none/);
  assert.deepEqual(found.phases.slice(0, 2), ['compile', 'repack']);
  assert.deepEqual(found.phases.slice(2).sort(), ['fetch', 'pipelines', 'weights']);
  assert.deepEqual(found.tokens, tokensOnJvm(bundle, 'ab'));
});

test('a second visit finds it compiled; deleted, it is compiled again', { skip }, async () => {
  const found = await page.evaluate(async () => {
    const visit = async () => {
      const phases = new Set();
      const onProgress = ({ phase }) => phases.add(phase);
      const options = { onProgress, context: 96 };
      await (await window.quern.createEngine(await window.file('tiny.gguf'), options)).unload();
      return [...phases].includes('compile');
    };
    const first = await visit();
    const second = await visit();
    const listed = (await window.quern.models()).filter((model) => model.address.startsWith('quern:'));
    const newest = listed.sort((a, b) => b.opened - a.opened)[0];
    const again = await window.quern.openBundle(newest.address);
    const same = again.model;
    await (await again.load()).unload();
    await window.quern.deleteModel(newest.address);
    const gone = await window.refusal(window.quern.openBundle(newest.address));
    return { first, second, newest, same, gone, third: await visit() };
  });
  assert.deepEqual([found.first, found.second, found.third], [true, false, true]);
  assert.equal(found.newest.name, 'tiny');
  assert.equal(found.newest.kept_bytes, found.newest.total_bytes);
  assert.equal(found.same.context_length, 96);
  assert.match(found.gone, /^bundle: quern:.* is not on this device any more\. Open its model file again\./);
});

test('what is no model, or no whole one, is refused in words', { skip }, async () => {
  copyFileSync(join(folder, 'tiny.gguf'), join(folder, 'cut.gguf'));
  truncateSync(join(folder, 'cut.gguf'), 200_000);
  copyFileSync(join(folder, 'tiny.gguf'), join(folder, 'head.gguf'));
  truncateSync(join(folder, 'head.gguf'), 2_000);
  writeFileSync(join(folder, 'page.gguf'), '<!doctype html><title>no model</title>');
  writeFileSync(join(folder, 'empty.gguf'), '');
  const other = readFileSync(join(folder, 'tiny.gguf'));
  other.write('mamba', other.indexOf('llama'));
  writeFileSync(join(folder, 'other.gguf'), other);
  for (const [name, words] of [
    ['cut.gguf', /^model: .*tensor/],
    ['head.gguf', /^model: .*offset \d+.*bytes are left/],
    ['page.gguf', /^model: .*no GGUF.* web page/],
    ['empty.gguf', /^model: .*empty/],
    ['other.gguf', /^model: .*mamba/],
  ]) {
    for (const source of ['file', 'address']) {
      const refusal = await page.evaluate(
        async ([name, source]) =>
          window.refusal(window.quern.openModel(source === 'file' ? await window.file(name) : `/models/${name}`)),
        [name, source],
      );
      assert.match(refusal, words);
    }
  }
  assert.match(await refusalOf('/models/none.gguf'), /^network: .*the server answered 404/);
  assert.match(await refusalOf(`${elsewhere.url}/tiny.gguf`), /^network: .*does not let pages of other sites.*CORS/);
  const context = await page.evaluate(() =>
    window.refusal(window.quern.openModel('/models/tiny.gguf', { context: 9999 })),
  );
  assert.match(context, /^request: A context of 9999 positions was asked for/);
});

test(
  'a tokenizer is tried before a weight is read, and what is found is told in the words of the JVM',
  { skip },
  async () => {
    // Weights that no kernel may have: whoever read them would refuse the file for them.
    const spoilt = { change: (name, values) => name === 'token_embd.weight' && values.fill(NaN) };
    writeTinyModel(join(folder, 'words.gguf'), spoilt);
    const words = readFileSync(join(folder, 'words.gguf'));
    words.write('smolly', words.indexOf('smollm'));
    writeFileSync(join(folder, 'words.gguf'), words);
    writeTinyModel(join(folder, 'template.gguf'), {
      ...spoilt,
      template: '{% for message of messages %}{{ message }}',
    });

    const [refused] = verified('words.gguf');
    assert.equal(refused.severity, 'error');
    assert.match(refused.where, /key 'tokenizer\.ggml\.pre'$/);
    assert.match(refused.message, /smolly/);
    const [warned] = verified('template.gguf');
    assert.equal(warned.severity, 'warning');
    assert.match(warned.where, /key 'tokenizer\.chat_template'$/);
    assert.match(warned.message, /^Chats cannot be put into this template.* line 1, column \d+: /);

    const open = (name, worker) =>
      page.evaluate(
        async ([name, worker]) => {
          const phases = new Set();
          const onProgress = ({ phase }) => phases.add(phase);
          const thread = worker ? new Worker('/worker-page.mjs', { type: 'module' }) : undefined;
          const file = await window.file(name);
          const bundle = worker
            ? window.quern.openWorkerBundle(thread, file, { onProgress })
            : window.quern.openModel(file, { onProgress });
          const outcome = await bundle.then(
            ({ warnings }) => ({ warnings }),
            ({ kind, message }) => ({ refusal: `${kind}: ${message}` }),
          );
          thread?.terminate();
          return { ...outcome, phases: [...phases] };
        },
        [name, worker],
      );
    for (const worker of [false, true]) {
      const phases = ['compile'];
      assert.deepEqual(await open('words.gguf', worker), {
        refusal: `model: ${refused.where}: ${refused.message}`,
        phases,
      });
      assert.deepEqual(await open('template.gguf', worker), {
        warnings: [`${warned.where}: ${warned.message}`],
        phases,
      });
      assert.deepEqual(await open('tiny.gguf', worker), { warnings: [], phases });
    }
    // What has tried the tokenizer goes on to run the model; who loads it again gets another engine.
    const tokens = await page.evaluate(async () => {
      const bundle = await window.quern.openModel(await window.file('tiny.gguf'), { context: 100 });
      const engines = [await bundle.load(), await bundle.load()];
      const answers = [];
      for (const engine of engines) {
        answers.push((await engine.completions.create({ prompt: 'ab', max_tokens: 4 })).tokens);
        await engine.unload();
      }
      return answers;
    });
    assert.equal(tokens[0].length, 4);
    assert.deepEqual(tokens[1], tokens[0]);
  },
);

test('an address is read in parts, or as a whole where the server knows no parts', { skip }, async () => {
  const { bundle } = compiled('tiny', '--profile', 'portable');
  const expected = tokensOnJvm(bundle, 'ab');
  for (const ranges of [true, false]) {
    server.state.ranges = ranges;
    server.state.log.length = 0;
    const tokens = await page.evaluate(
      async (context) => {
        const engine = await window.quern.createEngine('/models/tiny.gguf', { context });
        const { tokens } = await engine.completions.create({ prompt: 'ab', max_tokens: 24 });
        await engine.unload();
        return tokens;
      },
      ranges ? 72 : 76,
    );
    assert.deepEqual(tokens, expected);
    assert.deepEqual(
      server.state.log.filter((line) => line.includes('.gguf')),
      ['GET /models/tiny.gguf bytes=0-4194303'],
    );
  }
  server.state.ranges = true;
});

test('aborted while weights are packed, nothing of it remains, and the next try goes through', { skip }, async () => {
  const found = await page.evaluate(async () => {
    const parts = async () => {
      const names = [];
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('quern');
      for await (const handle of folder.values()) names.push(handle.name);
      return names.sort();
    };
    const before = await parts();
    const bundle = await window.quern.openModel(await window.file('tiny.gguf'), { context: 80 });
    const abortion = new AbortController();
    const onProgress = ({ phase, loaded }) => phase === 'repack' && loaded > 0 && abortion.abort();
    const refusal = await window.refusal(bundle.load({ onProgress, signal: abortion.signal }));
    const between = await parts();
    const engine = await bundle.load();
    const { tokens } = await engine.completions.create({ prompt: 'ab', max_tokens: 4 });
    await engine.unload();
    return { before, between, refusal, tokens };
  });
  assert.match(found.refusal, /^(AbortError|20)/);
  assert.deepEqual(found.between, found.before);
  assert.equal(found.tokens.length, 4);
});

test('without room, or without the wish, a model is compiled into memory', { skip }, async () => {
  const found = await page.evaluate(async () => {
    const run = async (options) => {
      const warnings = new Set();
      const onProgress = ({ warning }) => warning && warnings.add(warning);
      const engine = await window.quern.createEngine(await window.file('tiny.gguf'), { onProgress, ...options });
      const { tokens } = await engine.completions.create({ prompt: 'ab', max_tokens: 4 });
      await engine.unload();
      return { tokens, warnings: [...warnings] };
    };
    const kept = async () => (await window.quern.models()).length;
    const before = await kept();
    const unwanted = await run({ keep: 'never', context: 84 });
    const write = FileSystemFileHandle.prototype.createWritable;
    FileSystemFileHandle.prototype.createWritable = () =>
      Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const full = await run({ context: 88 });
    const refused = await window.refusal(run({ context: 92, keep: 'required' }));
    FileSystemFileHandle.prototype.createWritable = write;
    return { unwanted, full, refused, added: (await kept()) - before };
  });
  assert.equal(found.unwanted.tokens.length, 4);
  assert.deepEqual(found.unwanted.warnings, []);
  assert.deepEqual(found.full.tokens, found.unwanted.tokens);
  assert.match(found.full.warnings.join(), /not kept/);
  assert.match(found.refused, /^quota: /);
  assert.equal(found.added, 0);
});
