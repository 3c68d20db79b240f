// A bundle in one file: read in pieces from where it lies, on a server or on this machine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { openPage, quern, setStage, skip } from './stage.mjs';
import { WIDE, writeTinyModel } from './tiny-model.mjs';

let stage, page, expected;

before(async () => {
  if (skip) return;
  stage = await setStage((folder) => {
    writeTinyModel(join(folder, 'tiny.gguf'));
    writeTinyModel(join(folder, 'wide.gguf'), { forward: WIDE });
    for (const name of ['tiny', 'wide']) {
      execFileSync(
        quern,
        ['compile', join(folder, `${name}.gguf`), '--for', 'web', '-o', join(folder, `${name}.quern`)],
        { stdio: 'ignore' },
      );
    }
    const zip = readFileSync(join(folder, 'tiny.quern'));
    writeFileSync(join(folder, 'cut.quern'), zip.subarray(0, zip.length - 300));
    writeFileSync(join(folder, 'compressed.quern'), rezipped(zip, { compress: true }));
    writeFileSync(join(folder, 'longer.quern'), rezipped(zip, { extra: 20, comment: 'zipped again' }));
    writeFileSync(join(folder, 'strange.quern'), rezipped(zip, { without: 'manifest.json' }));
    const damaged = Buffer.from(zip);
    const place = damaged.indexOf('weights/000.bin') + 5000;
    damaged[place] ^= 0xff;
    writeFileSync(join(folder, 'damaged.quern'), damaged);
  });
  page = await openPage(stage);
  const jvm = ['run', join(stage.folder, 'tiny.quern'), '-p', 'once', '-n', '12', '--json'];
  expected = JSON.parse(execFileSync(quern, jvm, { encoding: 'utf8' })).tokens;
});

after(() => stage?.close());

/** The same files in another zip: compressed, with longer headers, a comment, or without one of them. */
function rezipped(zip, { compress = false, extra = 0, comment = '', without = '' }) {
  const parts = [];
  const directory = [];
  let place = 0;
  const count = zip.readUInt16LE(zip.length - 12);
  let at = zip.readUInt32LE(zip.length - 6);
  let kept = 0;
  for (let index = 0; index < count; index++) {
    const [bytes, nameLength, header] = [
      zip.readUInt32LE(at + 24),
      zip.readUInt16LE(at + 28),
      zip.readUInt32LE(at + 42),
    ];
    const name = zip.subarray(at + 46, at + 46 + nameLength);
    const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const content = zip.subarray(from, from + bytes);
    const entry = Buffer.from(zip.subarray(at, at + 46 + nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    if (name.toString() === without) continue;
    kept++;
    const local = Buffer.concat([zip.subarray(header, header + 30), name, Buffer.alloc(extra)]);
    const stored = compress ? deflateRawSync(content) : content;
    local.writeUInt16LE(compress ? 8 : 0, 8);
    local.writeUInt32LE(stored.length, 18);
    local.writeUInt16LE(extra, 28);
    entry.writeUInt16LE(compress ? 8 : 0, 10);
    entry.writeUInt32LE(stored.length, 20);
    entry.writeUInt16LE(0, 30);
    entry.writeUInt32LE(place, 42);
    parts.push(local, stored);
    place += local.length + stored.length;
    directory.push(entry);
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.from(zip.subarray(zip.length - 22));
  end.writeUInt16LE(kept, 8);
  end.writeUInt16LE(kept, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(place, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, entries, end, Buffer.from(comment)]);
}

/** Opens a zip at an address, or as a file that a person chose, and has it answer. */
function answer(name, how = {}) {
  return page.evaluate(
    async ([name, how]) => {
      const { openBundle, createEngine, models, deleteModel } = window.quern;
      const address = `/bundles/${name}`;
      const source = how.file ? new File([await (await fetch(address)).arrayBuffer()], name) : address;
      try {
        const bundle = how.again ? await openBundle(how.again) : undefined;
        const engine = bundle ? await bundle.load() : await createEngine(source);
        const { tokens } = await engine.completions.create({ prompt: 'once', max_tokens: 12 });
        const kept = await models();
        const { profile } = engine.model;
        await engine.unload();
        return {
          tokens,
          profile,
          kept: kept.map(({ address, kept_bytes, total_bytes }) => ({ address, whole: kept_bytes === total_bytes })),
        };
      } catch (problem) {
        return { kind: problem.kind, message: problem.message };
      } finally {
        if (!how.keep) for (const { address } of await models()) await deleteModel(address);
      }
    },
    [name, how],
  );
}

test('a zip on a server is read in pieces, once', { skip }, async () => {
  stage.server.log.length = 0;
  const found = await answer('tiny.quern', { keep: true });
  assert.deepEqual(found.tokens, expected);
  assert.equal(found.profile, 'cpu-swiftshader');
  assert.deepEqual(found.kept, [{ address: `${stage.server.url}/bundles/tiny.quern`, whole: true }]);
  const asked = stage.server.log.filter((line) => line.includes('tiny.quern'));
  assert.ok(asked.length > 0 && asked.every((line) => / bytes=\d+-/.test(line)), `${asked}`);
});

test('what is kept of it is not fetched again, and opens with the server gone', { skip }, async () => {
  stage.server.log.length = 0;
  assert.deepEqual((await answer('tiny.quern', { keep: true })).tokens, expected);
  await page.route('**/*.quern', (route) => route.abort());
  try {
    assert.deepEqual((await answer('tiny.quern')).tokens, expected);
  } finally {
    await page.unroute('**/*.quern');
  }
});

test('large files of it are read in pieces too, and only what the device needs', { skip }, async () => {
  stage.server.log.length = 0;
  const jvm = ['run', join(stage.folder, 'wide.quern'), '-p', 'once', '-n', '12', '--json'];
  const found = await answer('wide.quern');
  assert.deepEqual(found.tokens, JSON.parse(execFileSync(quern, jvm, { encoding: 'utf8' })).tokens);
});

test('a server that sends no parts sends it as a whole', { skip }, async () => {
  stage.server.state.meddle = (request) => void delete request.headers.range;
  try {
    assert.deepEqual((await answer('tiny.quern')).tokens, expected);
  } finally {
    stage.server.state.meddle = () => false;
  }
});

test('a zip that a person chose opens, is kept, and is found again', { skip }, async () => {
  const found = await answer('tiny.quern', { file: true, keep: true });
  assert.deepEqual(found.tokens, expected);
  const [{ address, whole }] = found.kept;
  assert.match(address, /^quern:\/\/bundle-[0-9a-f]{32}\/$/);
  assert.ok(whole);
  assert.deepEqual((await answer('tiny.quern', { again: address })).tokens, expected);
});

test('another program may have made it, as long as nothing is compressed', { skip }, async () => {
  assert.deepEqual((await answer('longer.quern')).tokens, expected);
  const found = await answer('compressed.quern');
  assert.equal(found.kind, 'bundle');
  assert.match(
    found.message,
    /^manifest\.json in .*compressed\.quern is compressed \(method 8\), and only stored files .*-o NAME\.quern\.$/,
  );
});

test('what is damaged or something else is refused in words', { skip }, async () => {
  for (const file of [false, true]) {
    const cut = await answer('cut.quern', { file });
    assert.equal(cut.kind, 'bundle');
    assert.match(
      cut.message,
      /cut\.quern is a damaged zip: it has no directory at its end\. It may have been cut short/,
    );
    const strange = await answer('strange.quern', { file });
    assert.match(strange.message, /strange\.quern has no manifest\.json: it is a zip, but no bundle of Quern's\./);
    const damaged = await answer('damaged.quern', { file });
    assert.equal(damaged.kind, 'bundle');
    assert.match(damaged.message, /weights\/000\.bin in .*damaged\.quern is damaged: its SHA-256 is/);
  }
  assert.match((await answer('absent.quern')).message, /absent\.quern cannot be fetched: the server answered 404/);
});
