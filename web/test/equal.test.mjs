// The same mathematics in the browser and on the JVM: logits of one device's kernels against the plain f32 kernels of
// the other, and 64 greedy tokens. Models: one that is made here with a matrix in each encoding, and a trained one in
// eight encodings where it lies beside the checkout.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch, serve } from './browser.mjs';
import { skip } from './stage.mjs';
import { writeMixedModel } from './tiny-model.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const shared = join(root, '..', 'shared', 'models');
const STEPS = 64;
/** Where the two likeliest tokens are nearer to each other, rounding may choose. */
const NEAR = 0.05;
const MOST_ERROR = 1e-6;

let folder, server, browser, page;

/** The command line, with a cache of its own. */
const quern = (...parameters) =>
  promisify(execFile)(join(root, 'quern'), parameters, { env: { ...process.env, QUERN_CACHE: join(folder, 'cache') } });

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'quern-equal-'));
  server = await serve({ '/quern/': join(here, '..', 'dist'), '/bundles/': folder, '/': here });
  browser = await launch();
  page = await browser.context.newPage();
  await page.goto(`${server.url}/page.html`);
  await page.waitForFunction(() => document.title === 'ready');
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** Lets the browser continue a prompt with {@link STEPS} tokens; its engine stays open. */
async function continued(name, model, profile, prompt) {
  await quern('compile', model, '-o', join(folder, name), '--profile', profile);
  const { promptTokens, tokens } = await page.evaluate(
    async ([name, prompt, max_tokens]) => {
      const { openWithLogits } = await import('/logits-page.js');
      const opened = await openWithLogits(`/bundles/${name}`);
      window[name] = opened;
      const promptTokens = typeof prompt === 'string' ? await opened.engine.tokenize(prompt) : prompt;
      const { tokens } = await opened.engine.completions.create({ prompt: promptTokens, max_tokens });
      return { promptTokens, tokens };
    },
    [name, prompt, STEPS],
  );
  assert.equal(tokens.length, STEPS);
  return { name, model, profile, promptTokens, tokens };
}

/** Has the JVM compute the logits behind prompt and continuation. */
function computed({ name, model, promptTokens, tokens }) {
  const all = [...promptTokens, ...tokens].join(',');
  return quern('logits', model, '--profile', 'portable', '--tokens', all, '-o', join(folder, `${name}.bin`));
}

/**
 * Compares what both make of every token. As the JVM's likeliest token behind each beginning is the one that the
 * browser took, its own greedy tokens are the same.
 */
async function agrees(context, { name, profile, promptTokens, tokens }) {
  const rows = await page.evaluate(
    async ([name, all]) => {
      const { compareLogits } = await import('/logits-page.js');
      const { engine, module } = window[name];
      try {
        return await compareLogits(module, all, `/bundles/${name}.bin`);
      } finally {
        await engine.unload();
      }
    },
    [name, [...promptTokens, ...tokens]],
  );
  const sum = (of) => rows.reduce((total, row) => total + of(row), 0);
  const error = sum((row) => row.error) / sum((row) => row.square);
  const worst = Math.max(...rows.map((row) => row.error / row.square));
  const close = rows.filter(({ gap }) => gap <= NEAR).length;
  context.diagnostic(
    `${name}, ${profile}: ${rows.length} rows, normalised mean square error ${error.toExponential(1)}` +
      ` (of the worst row ${worst.toExponential(1)}), ${close} near ties`,
  );
  assert.ok(error <= MOST_ERROR, `${name}: the normalised mean square error is ${error}`);
  const checked = rows.slice(promptTokens.length - 1, -1);
  assert.equal(checked.length, STEPS);
  checked.forEach(({ here, there, gap }, step) => {
    if (gap > NEAR) {
      assert.equal(tokens[step], there, `${name}, step ${step}: the JVM's token lies ${gap} above the second`);
      assert.equal(here, there, `${name}, step ${step}: by its logits`);
    }
  });
  assert.ok(
    checked.filter(({ gap }) => gap > NEAR).length >= STEPS / 2,
    `${name}: too many near ties to prove anything`,
  );
}

/** One model after the other in the browser; the JVM computes meanwhile. */
async function allAgree(context, cases) {
  let computing = Promise.resolve();
  const comparing = [];
  for (const each of cases) {
    const answer = await continued(...each);
    computing = computing.then(() => computed(answer));
    comparing.push(computing.then(() => answer));
    // A failure is told where it is awaited.
    computing.catch(() => undefined);
  }
  for (const answer of comparing) {
    await agrees(context, await answer);
  }
}

test("every encoding gives the JVM's logits and tokens", { skip }, async (context) => {
  const model = join(folder, 'mixed.gguf');
  writeMixedModel(model);
  const prompt = Array.from({ length: 66 }, (_, index) => (index * 37 + 11) % 257);
  const profiles = ['portable', 'cpu-swiftshader'];
  await allAgree(
    context,
    profiles.map((profile) => [`mixed-${profile}`, model, profile, prompt]),
  );
});

const stories = existsSync(shared) ? readdirSync(shared).filter((name) => name.endsWith('.gguf')) : [];

test(
  "a trained model, in each encoding that is here, gives the JVM's logits and tokens",
  {
    skip: skip || (stories.length === 0 && 'no trained model lies beside this checkout, in ../shared/models'),
  },
  async (context) => {
    const prompt = 'Once upon a time';
    await allAgree(
      context,
      stories.map((file) => [file.replace('.gguf', ''), join(shared, file), 'cpu-swiftshader', prompt]),
    );
  },
);

test("SmolLM2 gives the JVM's logits and tokens", { skip }, async (context) => {
  let model;
  try {
    model = (await promisify(execFile)(join(root, 'quern'), ['pull', 'smollm2-135m'])).stdout.trim();
  } catch (problem) {
    if (process.env.CI) throw problem;
    context.skip(`SmolLM2 could not be fetched: ${problem.stderr}`);
    return;
  }
  await allAgree(context, [['smollm2', model, 'cpu-swiftshader', 'Once upon a time']]);
});
