// Measures engines in Chromium: node web.mjs MODEL-FOLDER WLLAMA-FOLDER ROUNDS. Each run has a browser of its own, with nothing kept.
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, serve } from '../web/test/browser.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [model, wllama, rounds] = process.argv.slice(2);
const threads = availableParallelism();
const CASES = [
  ['Quern', 'quern', 0],
  ['wllama, 1 thread', 'wllama', 1],
  [`wllama, ${threads} threads`, 'wllama', threads],
];

// Threads share memory, which browsers allow to isolated pages only.
const server = await serve(
  { '/model/': model, '/wllama/': wllama, '/quern/': join(here, '..', 'web', 'dist'), '/': here },
  0,
  { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
);

async function run([, name, count]) {
  const browser = await launch();
  try {
    const page = await browser.context.newPage();
    page.setDefaultTimeout(0);
    const measured = async (all) => {
      await page.goto(`${server.url}/web-page.html`);
      return page.evaluate(
        async (given) => (await import('/web-page.js')).measure(...given),
        [name, count, all],
      );
    };
    const cold = await measured(false);
    return { cold: cold.load, ...(await measured(true)) };
  } finally {
    await browser.close();
  }
}

const results = CASES.map(() => []);
for (let round = 0; round < Number(rounds); round++) {
  for (const [index, each] of CASES.entries()) {
    process.stderr.write(`bench: round ${round + 1}, ${each[0]} ...\n`);
    results[index].push(await run(each));
  }
}
await server.close();

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const medians = results.map((runs) => (key) => median(runs.map((each) => each[key])));
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
const { tokens64, tokens256 } = results[0][0];
const COLUMNS = [
  ['load to first token, nothing kept', 'cold', (value) => `${value.toFixed(1)} s`],
  ['all kept', 'load', (value) => `${value.toFixed(1)} s`],
  [`prompt of ${tokens64}`, 'prefill64', (value) => `${value.toFixed(1)} tok/s`],
  [`prompt of ${tokens256}`, 'prefill256', (value) => `${value.toFixed(1)} tok/s`],
  ['decode', 'decode', (value) => `${value.toFixed(1)} tok/s`],
];
row(['', ...COLUMNS.map(([head]) => head)]);
row(['---', ...COLUMNS.map(() => '---')]);
CASES.forEach(([title], index) => row([title, ...COLUMNS.map(([, key, show]) => show(medians[index](key)))]));
CASES.slice(1).forEach(([title], index) =>
  row([
    `Quern's speed over ${title}`,
    ...COLUMNS.map(([, key]) => {
      const [own, other] = [medians[0](key), medians[index + 1](key)];
      return `${(key === 'cold' || key === 'load' ? other / own : own / other).toFixed(2)}`;
    }),
  ]),
);
console.log();
CASES.forEach(([title], index) => console.log(`${title}: ${results[index][0].used}`));
console.log(`${rounds} rounds, alternating; medians. A prompt's speed is its tokens by the time to the first token behind it.`);
