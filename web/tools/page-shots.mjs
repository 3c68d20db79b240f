// Pictures of the page in its states, wide and narrow, light and dark, to be looked at: node web/tools/page-shots.mjs
// FOLDER
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserPath, launch, serve } from '../test/browser.mjs';
import { scriptAnswers } from '../test/scripted-worker.mjs';
import { writeTinyModel } from '../test/tiny-model.mjs';

const [target] = process.argv.slice(2);
if (!browserPath || !target) throw new Error('It takes Chromium, and the folder for the pictures.');
const quern = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'quern');

const ANSWER = `The sky looks blue because air **scatters** short waves more than long ones.

1. Sunlight holds all colours.
2. Molecules of air scatter *blue* about ten times as much as red.

| colour | wave, nm | scattered |
|--------|---------:|----------:|
| blue   | 450      | much      |
| red    | 700      | little    |

\`\`\`python
def scattered(wave_nm: float) -> float:
    """In proportion to the fourth power, after Rayleigh."""
    return (550 / wave_nm) ** 4
\`\`\`

> In the evening the light's way is longer, and [what is left is red](https://example.org/).
`;

/** The states, each with what brings the page there from a model that is ready. */
const STATES = {
  ready: async () => {},
  chat: async (page) => {
    await say(page, 'Why is the sky blue?', ANSWER);
    await say(page, 'And in one sentence?', 'Air scatters blue light more than red.');
    await page.evaluate(() => (document.getElementById('scroll').scrollTop = 0));
  },
  editing: async (page) => {
    await say(page, 'Why is the sky blue?', 'Air scatters blue light more than red.');
    await page.getByRole('button', { name: 'Edit this message' }).click();
  },
  chats: async (page) => page.getByRole('button', { name: 'Chats' }).click(),
  settings: async (page) => page.getByRole('button', { name: 'Settings' }).click(),
  inside: async (page) => page.getByRole('button', { name: 'Inside' }).click(),
  failed: async (page, folder) => {
    await say(page, 'Why is the sky blue?', 'Air scatters blue light more than red.');
    await page.locator('aside#models input[type=file]').setInputFiles(join(folder, 'broken.gguf'));
    await page.getByText('Cannot open broken.gguf').waitFor();
  },
  models: async (page, folder) => {
    await STATES.failed(page, folder);
    await page.getByRole('button', { name: 'Models' }).click();
  },
  text: async (page, folder) => {
    await page.locator('aside#models input[type=file]').setInputFiles(join(folder, 'plain.gguf'));
    await page.getByText('has no chat template').first().waitFor();
  },
  continued: async (page, folder) => {
    await STATES.text(page, folder);
    await say(page, 'Once upon a time', ', there was a little mill by the river. It ground corn all day,');
    await say(page, 'and at night', ' it dreamt of the sea.');
  },
};

async function say(page, text, answer) {
  await page.evaluate((answer) => window.answers.push([...answer].map(String)), answer);
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await page.getByRole('button', { name: 'Send' }).waitFor();
}

const folder = mkdtempSync(join(tmpdir(), 'quern-shots-'));
mkdirSync(target, { recursive: true });
writeTinyModel(join(folder, 'tiny.gguf'), { sampling: { temp: 0.6, top_k: 20, top_p: 0.95 } });
writeTinyModel(join(folder, 'plain.gguf'), { template: null });
cpSync(join(folder, 'tiny.gguf'), join(folder, 'broken.gguf'));
execFileSync('truncate', ['-s', '2000', join(folder, 'broken.gguf')]);
execFileSync(quern, ['export-web', join(folder, 'tiny.gguf'), '-o', join(folder, 'site')], { stdio: 'inherit' });
const server = await serve({ '/': join(folder, 'site') });
const browser = await launch();
const only = process.argv.slice(3);
try {
  for (const [name, reach] of Object.entries(STATES)) {
    if (only.length > 0 && !only.includes(name)) continue;
    const page = await browser.context.newPage();
    page.on('pageerror', (problem) => console.log(name, problem.message));
    await page.addInitScript(scriptAnswers);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${server.url}/`);
    await page.waitForFunction(() => !document.getElementById('send').disabled);
    await reach(page, folder);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 800 });
      for (const theme of ['light', 'dark']) {
        await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
        await page.waitForTimeout(200);
        await page.screenshot({ path: join(target, `${name}-${width}-${theme}.png`) });
      }
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
}
