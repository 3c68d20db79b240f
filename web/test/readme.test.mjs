// The package's manual, followed word for word: the blocks of web/README.md are run as they stand, by a stranger who
// has a checkout and a model.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, serve } from './browser.mjs';
import { skip as withoutBrowser } from './stage.mjs';
import { writeTinyModel } from './tiny-model.mjs';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const vite = join(web, 'node_modules', 'vite');
const skip =
  withoutBrowser || (existsSync(vite) || process.env.CI ? false : 'vite is not installed: npm ci in web brings it');

/**
 * The one line that asks a registry: the package that it brings is here already, in the version that package.json
 * names.
 */
const FROM_REGISTRY = 'npm install --save-dev vite';

const blocks = [...readFileSync(join(web, 'README.md'), 'utf8').matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(
  ([, language, text]) => ({ language, text }),
);
const block = (language, words) => {
  const found = blocks.filter((each) => each.language === language && each.text.includes(words));
  assert.equal(found.length, 1, `one block of ${language} has “${words}”`);
  return found[0].text;
};

let folder, app, browser, server;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-readme-'));
  app = join(folder, 'app');
  symlinkSync(join(web, '..'), join(folder, 'quern'));
  mkdirSync(join(folder, 'home', 'Downloads'), { recursive: true });
  writeTinyModel(join(folder, 'home', 'Downloads', 'model.gguf'), { context: 4096 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** The stranger's own folder; npm keeps what it has fetched where it always does. */
function environment() {
  const npm_config_cache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
  const QUERN_CACHE = join(folder, 'home', 'cache');
  return {
    ...process.env,
    HOME: join(folder, 'home'),
    npm_config_cache,
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    QUERN_CACHE,
  };
}

/** Runs the lines of a block, one after the other, in one shell. */
function run(text, cwd) {
  execFileSync('bash', ['-eu', '-c', text], { cwd, env: environment(), stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Asks on a page, and tells what was answered. */
async function ask(url) {
  const page = await browser.context.newPage();
  const problems = [];
  page.on('pageerror', (problem) => problems.push(problem.message));
  await page.goto(url);
  await page
    .waitForFunction(() => !document.getElementById('ask').disabled)
    .catch((problem) => {
      throw new Error(`${problem.message}\n${problems.join('\n')}`);
    });
  const before = await page.locator('#answer').innerText();
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.waitForFunction((before) => !['', before].includes(document.getElementById('answer').textContent), before);
  await page.close();
  assert.deepEqual(problems, []);
  return before;
}

/** Starts the development server of a line, tells its address, and what ends it. */
async function start(line) {
  const process_ = spawn('bash', ['-c', `exec ${line}`], {
    cwd: app,
    env: environment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    process_.stdout.on('data', (piece) => {
      said += String(piece).replace(/\u001b\[[\d;]*m/g, '');
      const found = /(http:\/\/localhost:\d+\/)/.exec(said);
      if (found) resolve(found[1]);
    });
    process_.on('exit', () => reject(new Error(`${line} ended: ${said}`)));
  });
  return { url, end: () => process.kill(-process_.pid) };
}

test('the lines that install, install', { skip }, () => {
  const lines = block('sh', 'npm pack').trim().split('\n');
  assert.ok(lines.includes(FROM_REGISTRY));
  run(lines.filter((line) => line !== FROM_REGISTRY).join('\n'), folder);
  symlinkSync(vite, join(app, 'node_modules', 'vite'));
  mkdirSync(join(app, 'node_modules', '.bin'), { recursive: true });
  symlinkSync('../vite/bin/vite.js', join(app, 'node_modules', '.bin', 'vite'));
  const { dependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
  assert.match(dependencies.quern, /quern-0\.1\.0\.tgz$/);
});

test('its page with a model file answers on the development server', { skip }, async () => {
  writeFileSync(join(app, 'index.html'), block('html', '<!doctype html>'));
  writeFileSync(join(app, 'main.js'), block('js', 'checkSupport'));
  writeFileSync(join(app, 'vite.config.js'), block('js', 'optimizeDeps'));
  const lines = block('sh', 'npx vite').trim().split('\n');
  assert.equal(lines.at(-1), 'npx vite');
  run(lines.slice(0, -1).join('\n'), app);
  const { url, end } = await start(lines.at(-1));
  try {
    assert.match(await ask(url), /on the device|kernels compiled/);
  } finally {
    end();
  }
});

test('so does a bundle of its own, which needs no compiler, and the folder that is built', { skip }, async () => {
  run(block('sh', 'compile'), app);
  const line = block('js', "createEngine('./model.quern'").trim();
  const script = readFileSync(join(app, 'main.js'), 'utf8');
  const changed = script.replace(/^const engine = await createEngine\(.*$/m, line);
  assert.notEqual(changed, script);
  writeFileSync(join(app, 'main.js'), changed);
  run('npx vite build', app);
  server = await serve({ '/some/where/': join(app, 'dist') });
  await ask(`${server.url}/some/where/index.html`);
  assert.ok(
    server.log.some((asked) => asked.includes('model.quern bytes=')),
    `${server.log}`,
  );
  assert.deepEqual(
    server.log.filter((asked) => /compiler|model\.gguf/.test(asked)),
    [],
  );
});

test('what it shows of the other exports runs', { skip }, async () => {
  const script = block('js', 'persistStorage');
  const plain = join(folder, 'plain');
  cpSync(join(app, 'node_modules', 'quern'), join(plain, 'quern'), { recursive: true });
  cpSync(join(folder, 'home', 'Downloads', 'model.gguf'), join(plain, 'model.gguf'));
  writeFileSync(
    join(plain, 'main.js'),
    `${script.replace("from 'quern'", "from './quern/dist/index.js'")}\ndocument.title = 'done';\n`,
  );
  writeFileSync(
    join(plain, 'index.html'),
    '<!doctype html><title>x</title><link rel="icon" href="data:," /><script type="module" src="main.js"></script>',
  );
  const here = await serve({ '/': plain });
  const page = await browser.context.newPage();
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (problem) => said.push(problem.message));
  try {
    await page.goto(`${here.url}/index.html`);
    await page
      .waitForFunction(() => document.title === 'done')
      .catch((problem) => {
        throw new Error(`${problem.message}\n${said.join('\n')}`);
      });
    assert.match(said.at(-1), /^tiny \d+ \d+$/);
  } finally {
    await page.close();
    await here.close();
  }
});

test('every name that the package exports for use is in the manual', { skip: false }, () => {
  const readme = readFileSync(join(web, 'README.md'), 'utf8');
  const exported = [...readFileSync(join(web, 'src', 'index.ts'), 'utf8').matchAll(/^export \{ ([^}]*) \}/gm)].flatMap(
    ([, names]) => names.split(', '),
  );
  assert.ok(exported.length > 10);
  assert.deepEqual(
    exported.filter((name) => !readme.includes(name)),
    [],
  );
});
