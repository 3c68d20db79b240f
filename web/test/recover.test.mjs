// The device is destroyed while it loads, while it works and while it rests: the engine opens another and goes on with
// the same tokens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, setStage, skip } from './stage.mjs';

let stage, page;

before(async () => {
  if (skip) return;
  stage = await setStage();
  page = await openPage(stage);
  await page.evaluate(() => {
    /** Every device that an engine opened, and what it told of its progress. */
    window.load = async (onDevice = () => undefined) => {
      const devices = [];
      const phases = [];
      const engine = await window.quern.createEngine('/bundles/tiny', {
        onDevice: (device) => {
          devices.push(device);
          onDevice(device, devices.length);
        },
        onProgress: ({ phase }) => phases.push(phase),
      });
      return { engine, devices, phases };
    };
    /** The whole text of a stream, whose device is destroyed after some of its pieces. */
    window.text = async ({ engine, devices }, request, destroyAfter = []) => {
      let [text, pieces, usage] = ['', 0, undefined];
      for await (const chunk of engine.completions.create({ ...request, stream: true })) {
        text += chunk.choices[0].text;
        usage = chunk.usage;
        if (destroyAfter.includes(++pieces)) devices.at(-1).destroy();
      }
      return { text, tokens: usage?.completion_tokens };
    };
  });
});

after(() => stage?.close());

for (const [kind, sampling] of [
  ['greedy', {}],
  ['sampled', { temperature: 0.9, top_k: 40, seed: 11 }],
]) {
  test(
    `${kind} text goes on when the device is destroyed in its middle, and nothing is fetched again`,
    { skip },
    async () => {
      const request = { prompt: 'once upon a time', max_tokens: 40, ...sampling };
      const undisturbed = await page.evaluate(async (given) => {
        const loaded = await window.load();
        const { text, tokens } = await window.text(loaded, given);
        await loaded.engine.unload();
        return { text, tokens };
      }, request);
      stage.server.log.length = 0;
      const disturbed = await page.evaluate(async (given) => {
        const loaded = await window.load();
        const { text, tokens } = await window.text(loaded, given, [3, 9]);
        const after = await window.text(loaded, given);
        await loaded.engine.unload();
        return { text, tokens, after: after.text, devices: loaded.devices.length, phases: [...new Set(loaded.phases)] };
      }, request);
      assert.equal(disturbed.devices, 3);
      assert.equal(disturbed.text, undisturbed.text);
      assert.equal(disturbed.tokens, 40);
      assert.equal(disturbed.after, undisturbed.text);
      assert.ok(disturbed.phases.includes('recover'), disturbed.phases.join());
      assert.deepEqual(
        stage.server.log.filter((line) => line.includes('/weights/')),
        [],
      );
    },
  );
}

test('a device that was lost between requests is opened again for the next', { skip }, async () => {
  const { before, between, after } = await page.evaluate(async () => {
    const loaded = await window.load();
    const { engine, devices } = loaded;
    const request = { prompt: 'hello', max_tokens: 8 };
    const before = await window.text(loaded, request);
    devices.at(-1).destroy();
    const between = await engine.tokenize('hello');
    const after = await window.text(loaded, request);
    await engine.unload();
    return { before, between, after };
  });
  assert.deepEqual(between, [...Buffer.from('hello')]);
  assert.deepEqual(after, before);
});

test('a device that is lost while the model loads is opened again', { skip }, async () => {
  const { devices, text } = await page.evaluate(async () => {
    // The first at once, the second when its first buffer is made.
    const loaded = await window.load((device, count) => {
      if (count === 1) device.destroy();
      if (count === 2) {
        const create = device.createBuffer.bind(device);
        device.createBuffer = (descriptor) => {
          device.destroy();
          return create(descriptor);
        };
      }
    });
    const { text } = await window.text(loaded, { prompt: 'hello', max_tokens: 8 });
    await loaded.engine.unload();
    return { devices: loaded.devices.length, text };
  });
  assert.equal(devices, 3);
  assert.notEqual(text, '');
});

test('a device that is lost again and again ends the request, and the next one tries anew', { skip }, async () => {
  const { problem, after } = await page.evaluate(async () => {
    let broken = false;
    const loaded = await window.load((device) => {
      if (broken) device.destroy();
    });
    const request = { prompt: 'hello', max_tokens: 12 };
    broken = true;
    const problem = await window.text(loaded, request, [2]).catch(({ kind, message }) => ({ kind, message }));
    broken = false;
    const after = await window.text(loaded, request);
    await loaded.engine.unload();
    return { problem, after };
  });
  assert.equal(problem.kind, 'device_lost');
  assert.match(problem.message, /The device is lost/);
  assert.equal(after.tokens, 12);
});

test('no device in the place of the lost one is told as such', { skip }, async () => {
  const problem = await page.evaluate(async () => {
    const loaded = await window.load();
    const request = GPU.prototype.requestAdapter;
    GPU.prototype.requestAdapter = async () => null;
    const problem = await window
      .text(loaded, { prompt: 'hello', max_tokens: 30 }, [2])
      .catch(({ kind, message }) => ({ kind, message }));
    GPU.prototype.requestAdapter = request;
    await loaded.engine.unload();
    return problem;
  });
  assert.equal(problem.kind, 'no_device');
});
