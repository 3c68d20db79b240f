// What visitors of the page do, and what they wait for. What a page shows follows what was done to it after a while,
// and on a busy machine after a long one: nothing is asked at once that comes later.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { WAIT_MS } from './browser.mjs';

/** Waits until a message can be sent: a model is open. */
export const ready = (where) => where.waitForFunction(() => !document.getElementById('send').disabled);

/** Waits until so many answers stand there, and none is being written. */
export const answered = (where, count) =>
  where.waitForFunction(
    (wanted) =>
      document.querySelectorAll('.figures').length === wanted && !document.getElementById('send').hidden,
    count,
  );

/** Drags files over the page, and drops them: bytes, by their names. */
export async function drop(where, files) {
  const transfer = await where.evaluateHandle(
    (files) => {
      const data = new DataTransfer();
      for (const [name, text] of files) {
        data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
      }
      return data;
    },
    Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')]),
  );
  await where.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await where.getByText('Drop the model file').waitFor();
  await where.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await where.getByText('Drop the model file').waitFor({ state: 'hidden' });
}

/** Looks again and again until what is found is what is expected; says what was found last if it never is. */
export async function becomes(find, expected, message) {
  const end = performance.now() + WAIT_MS;
  let found = await find();
  while (!isDeepStrictEqual(found, expected) && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    found = await find();
  }
  assert.deepEqual(found, expected, message);
}

/**
 * Waits until a conversation with these words has reached the device. It is written behind what is shown, into a file
 * of another name that becomes the conversation when all of it is there.
 */
export const kept = (page, words) =>
  becomes(
    () =>
      page.evaluate(async (words) => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('quern');
        for await (const entry of folder.values()) {
          if (/^chat-[\w-]+$/.test(entry.name)) {
            const file = await entry.getFile().catch(() => undefined);
            if ((await file?.text().catch(() => ''))?.includes(words)) return true;
          }
        }
        return false;
      }, words),
    true,
    `“${words}” is kept`,
  );
