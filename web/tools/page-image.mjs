// Takes the picture of the page that the README shows: node web/tools/page-image.mjs [MODEL] [IMAGE]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserPath, launch, serve } from '../test/browser.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [model = 'smollm2-135m', image = join(root, 'docs', 'images', 'page.png')] = process.argv.slice(2);
const SETTINGS = { temperature: 0, max_tokens: 96 };
const QUESTIONS = ['Why is the sky blue? Answer in one sentence.', 'And why is it red in the evening?'];
const ANSWER_MS = 600_000;

if (!browserPath) throw new Error('It takes Chromium, which is not installed.');
const folder = mkdtempSync(join(tmpdir(), 'quern-image-'));
execFileSync(join(root, 'quern'), ['export-web', model, '-o', join(folder, 'site')], { stdio: 'inherit' });
const server = await serve({ '/': join(folder, 'site') });
const browser = await launch();
try {
  const page = await browser.context.newPage();
  page.setDefaultTimeout(ANSWER_MS);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.addInitScript((settings) => localStorage.setItem('quern-settings', JSON.stringify(settings)), SETTINGS);
  await page.goto(`${server.url}/`);
  for (const [index, question] of QUESTIONS.entries()) {
    await page.waitForFunction(() => !document.getElementById('send').disabled);
    await page.getByRole('textbox', { name: 'Message' }).fill(question);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.waitForFunction((count) => document.querySelectorAll('.figures').length === count, index + 1);
  }
  await page.getByRole('button', { name: 'Inside' }).click();
  // What the pointer rests on is marked: here it is nothing.
  await page.mouse.move(600, 600);
  await page.waitForTimeout(300);
  await page.screenshot({ path: image });
  console.log(`${image}: ${statSync(image).size} bytes`);
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
}
