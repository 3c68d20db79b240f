// In the page: an engine of which the logits can be had too, and their comparison with those in a file.

/** Opens a bundle by the package's own parts, of which one is the module that computes logits. */
export async function openWithLogits(address) {
  const [{ StoredBundle }, { BundleFiles }, { Instance }, { instantiate }, { openPartStore }] = await Promise.all(
    ['stored-bundle', 'files', 'instance', 'module', 'parts'].map((name) => import(`/quern/${name}.js`)),
  );
  const module = await instantiate(undefined, {});
  const files = await BundleFiles.fetched(new URL(`${address}/`, location.href), await openPartStore(), {});
  const instance = new Instance(module, files, {});
  const engine = await (await StoredBundle.open(instance, files)).load();
  return { engine, module };
}

/**
 * Compares the logits behind tokens with those of a file: 32-bit floats, a row for each token.
 *
 * @returns for each token: the largest logit's place here and there, how far it lies above the second there, and the
 *   sums of squares of the error and of the logits there
 */
export async function compareLogits(module, tokens, address) {
  const expected = new Float32Array(await (await fetch(address)).arrayBuffer());
  const rows = [];
  await module.logits(JSON.stringify({ tokens }), (position, logits) => {
    const there = expected.subarray(position * logits.length, (position + 1) * logits.length);
    let error = 0;
    let square = 0;
    let [first, second, here] = [0, -1, 0];
    for (let index = 0; index < logits.length; index++) {
      error += (logits[index] - there[index]) ** 2;
      square += there[index] ** 2;
      if (logits[index] > logits[here]) here = index;
      if (index > 0 && there[index] > there[first]) [first, second] = [index, first];
      else if (index > 0 && (second < 0 || there[index] > there[second])) second = index;
    }
    rows[position] = { here, there: first, gap: there[first] - there[second], error, square };
  });
  if (expected.length % tokens.length !== 0 || rows.length !== tokens.length) {
    throw new Error(`${rows.length} rows for ${tokens.length} tokens, ${expected.length} logits in the file`);
  }
  return rows;
}
