// The package as strangers get it: packed, installed, bundled by Vite or used as it is, from folders of a static host.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, serve } from './browser.mjs';
import { quern, skip } from './stage.mjs';
import { writeTinyModel } from './tiny-model.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, '..');

const PAGE = (script) => `<!doctype html><meta charset="utf-8" /><title>loading</title>
<link rel="icon" href="data:," /><script type="module" src="${script}"></script>`;

/** What both pages do; they differ in where the package comes from. */
const SCRIPT = (from, worker) => `import { checkSupport, createEngine, createWorkerEngine } from '${from}';

const request = { prompt: 'once', max_tokens: 8 };
const answers = [];
const support = await checkSupport();
for (const make of [
  () => createEngine('./bundle/'),
  () => createWorkerEngine(() => new Worker(new URL('${worker}', import.meta.url), { type: 'module' }), './bundle/'),
]) {
  const engine = await make();
  answers.push((await engine.completions.create(request)).tokens);
  await engine.unload();
}
window.answers = { support: support.ok, answers };
document.title = 'done';
`;

const TYPED = `import { type ChatCompletionChunk, type Engine, createEngine, QuernError } from 'quern';

export async function answer(onText: (text: string) => void): Promise<number> {
  const engine: Engine = await createEngine('./bundle/', { onProgress: ({ phase, text }) => onText(phase + text) });
  const { choices, usage } = await engine.chat.completions.create({ messages: [{ role: 'user', content: 'hello' }] });
  onText(choices[0].message.content);
  for await (const chunk of engine.completions.create({ prompt: 'once', stream: true })) {
    onText(chunk.choices[0]?.text ?? '');
  }
  const chunks: ChatCompletionChunk[] = [];
  try {
    for await (const chunk of engine.chat.completions.create({ messages: [], stream: true })) chunks.push(chunk);
  } catch (problem) {
    if (problem instanceof QuernError && problem.kind === 'request') onText(problem.message);
  }
  return usage.total_tokens + chunks.length;
}
`;

let folder, app, tarball, expected, server, browser;

const run = (file, args, cwd) =>
  execFileSync(file, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-package-'));
  writeTinyModel(join(folder, 'tiny.gguf'));
  run(quern, ['compile', join(folder, 'tiny.gguf'), '-o', join(folder, 'tiny'), '--profile', 'portable']);
  expected = JSON.parse(run(quern, ['run', join(folder, 'tiny'), '-p', 'once', '-n', '8', '--json'])).tokens;
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', folder], web));
  tarball = packed;
  app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  run(
    'npm',
    ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', join(folder, packed.filename)],
    app,
  );
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** Opens a page of a folder that lies deep in a host, and tells what its script found. */
async function open(built) {
  cpSync(join(folder, 'tiny'), join(built, 'bundle'), { recursive: true });
  server ??= await serve({ '/some/where/': folder });
  browser ??= await launch();
  const page = await browser.context.newPage();
  const problems = [];
  page.on('pageerror', (problem) => problems.push(problem.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  server.log.length = 0;
  await page.goto(`${server.url}/some/where/${built.slice(folder.length + 1)}/index.html`);
  await page
    .waitForFunction(() => document.title === 'done')
    .catch((problem) => {
      throw new Error(`${problem.message}\n${problems.join('\n')}`);
    });
  const found = await page.evaluate(() => window.answers);
  await page.close();
  assert.deepEqual(problems, []);
  return found;
}

test('the package holds what runs, its types, its manual and its licence, and nothing else', { skip }, () => {
  const names = tarball.files.map(({ path }) => path);
  for (const name of [
    'README.md',
    'LICENSE',
    'NOTICE',
    'package.json',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/worker.js',
    'dist/quern.wasm',
  ]) {
    assert.ok(names.includes(name), `${name} is missing`);
  }
  const strange = names.filter(
    (name) => !/^(dist\/[\w-]+\.(js|d\.ts|wasm)|README\.md|LICENSE|NOTICE|package\.json)$/.test(name),
  );
  assert.deepEqual(strange, []);
  for (const name of ['LICENSE', 'NOTICE']) {
    assert.equal(
      readFileSync(join(app, 'node_modules', 'quern', name), 'utf8'),
      readFileSync(join(web, '..', name), 'utf8'),
    );
  }
  const { dependencies, exports } = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8'));
  assert.equal(dependencies, undefined);
  const files = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? entry : Object.values(entry)));
  assert.deepEqual(
    files.filter((file) => !names.includes(file.slice(2))),
    [],
  );
});

test('with Vite it runs from any folder, in the page and in a worker', { skip }, async () => {
  writeFileSync(join(app, 'index.html'), PAGE('./main.js'));
  writeFileSync(join(app, 'main.js'), SCRIPT('quern', 'quern/worker'));
  const vite = join(web, 'node_modules', 'vite', 'bin', 'vite.js');
  const said = run(process.execPath, [vite, 'build', app, '--base', './', '--target', 'es2022'], app);
  assert.doesNotMatch(said, /warn|externalized/i);
  assert.deepEqual(await open(join(app, 'dist')), { support: true, answers: [expected, expected] });
});

test('as it is it runs from any folder, in the page and in a worker', { skip }, async () => {
  const plain = join(folder, 'plain');
  cpSync(join(app, 'node_modules', 'quern'), join(plain, 'quern'), { recursive: true });
  writeFileSync(join(plain, 'index.html'), PAGE('./main.js'));
  writeFileSync(join(plain, 'main.js'), SCRIPT('./quern/dist/index.js', './quern/dist/worker.js'));
  assert.deepEqual(await open(plain), { support: true, answers: [expected, expected] });
});

test('its types say what a program in TypeScript needs', { skip }, () => {
  writeFileSync(join(app, 'typed.ts'), TYPED);
  const tsc = join(web, 'node_modules', 'typescript', 'bin', 'tsc');
  for (const resolution of [
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
    ['--module', 'nodenext', '--moduleResolution', 'nodenext'],
  ]) {
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--types', '', '--noUncheckedIndexedAccess'];
    run(process.execPath, [tsc, ...resolution, ...options, join(app, 'typed.ts')], app);
  }
});
