// In the page: one engine, loaded and measured. Both are asked in the same way and timed by the same clock.

const LONG =
  'The mill stood at the bend of the river, and every morning the miller opened the gate, let the water in and listened to the wheel. ' +
  'Grain came down from the hills on carts, in sacks that smelled of dust and summer, and flour went back the same way before the evening. ';

/** About so many tokens of English. */
const PROMPTS = { short: 'Once upon a time', 64: LONG, 256: LONG.repeat(4) };

const ENGINES = {
  async quern(progress) {
    const { createEngine } = await import('/quern/index.js');
    const engine = await createEngine('/model/bundle', { onProgress: progress });
    const { vendor, architecture } = engine.deviceInfo();
    return {
      used: `WebGPU (${vendor} ${architecture}), profile ${engine.model.profile}`,
      async reset() {
        await engine.reset();
      },
      stream: (prompt, max_tokens) => engine.completions.create({ prompt, max_tokens, temperature: 0, stream: true }),
    };
  },
  async wllama(progress, threads) {
    const { Wllama } = await import('/wllama/index.js');
    const said = [];
    const hear = (...words) => said.push(words.join(' '));
    const engine = new Wllama(
      { default: '/wllama/wasm/wllama.wasm' },
      { logger: { debug: hear, log: hear, warn: hear, error: hear } },
    );
    await engine.loadModelFromUrl(new URL('/model/model.gguf', location.href).href, {
      n_threads: threads,
      n_ctx: 512,
      progressCallback: progress,
    });
    // Where llama.cpp put the weights says what computes: the processor where the browser's adapter is not good enough for it.
    const places = said.map((line) => /load_tensors: +(\S+) model buffer size/.exec(line)?.[1]).filter(Boolean);
    return {
      used: `WebAssembly with SIMD, ${engine.getNumThreads()} threads; weights on ${places.join(', ') || 'a place it does not name'}`,
      async reset() {},
      stream: (prompt, max_tokens) =>
        engine.createCompletion({ prompt, max_tokens, temperature: 0, top_k: 1, cache_prompt: false, stream: true }),
    };
  },
};

/** Seconds from the request to the first text and to the last, and the tokens. */
async function timed(engine, prompt, count) {
  const begin = performance.now();
  let [first, last, usage, pieces] = [0, 0, undefined, 0];
  for await (const chunk of await engine.stream(prompt, count)) {
    last = performance.now();
    if (chunk.choices[0]?.text) {
      first ||= last;
      pieces++;
    }
    usage = chunk.usage ?? usage;
  }
  return {
    first: (first - begin) / 1000,
    rest: (last - first) / 1000,
    prompt: usage?.prompt_tokens,
    made: usage?.completion_tokens ?? pieces,
  };
}

/** Loads an engine and makes one token; with `all`, measures the rest too. */
export async function measure(name, threads, all) {
  const begin = performance.now();
  const engine = await ENGINES[name](() => undefined, threads);
  await timed(engine, PROMPTS.short, 1);
  const figures = { used: engine.used, load: (performance.now() - begin) / 1000 };
  if (all) {
    for (const length of [64, 256]) {
      await engine.reset();
      // One token, so that pipelines and caches are warm; then another beginning, so that nothing can be reused.
      await timed(engine, `${length}. ${PROMPTS[length]}`, 1);
      await engine.reset();
      const { first, prompt } = await timed(engine, `Number ${length}. ${PROMPTS[length]}`, 1);
      figures[`prefill${length}`] = (prompt ?? length) / first;
      figures[`tokens${length}`] = prompt ?? length;
    }
    await engine.reset();
    const { rest, made } = await timed(engine, PROMPTS.short, 64);
    figures.decode = (made - 1) / rest;
  }
  return figures;
}
