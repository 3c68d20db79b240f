// Measures llama.cpp: node llama.mjs vulkan|cpu MODEL PROMPT TOKENS. Prints one line of JSON.
import { availableParallelism } from "node:os";
import { getLlama } from "node-llama-cpp";

const [backend, modelPath, prompt, count] = process.argv.slice(2);
const started = performance.now();
const llama = await getLlama({ gpu: backend === "vulkan" ? "vulkan" : false, build: "never" });
const model = await llama.loadModel({ modelPath, gpuLayers: backend === "vulkan" ? "max" : 0 });
// As many threads as there are processors: with the default of four, spinning threads starve each other on fewer.
const context = await model.createContext({ contextSize: 512, threads: availableParallelism() });
const sequence = context.getSequence();
const tokens = model.tokenize(prompt);
const loaded = performance.now();

async function run() {
  await sequence.clearHistory();
  const begin = performance.now();
  let first = 0;
  let last = 0;
  let made = 0;
  for await (const token of sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true })) {
    last = performance.now();
    first ||= last;
    if (++made >= Number(count) || model.isEogToken(token)) break;
  }
  return { toFirst: (first - begin) / 1000, decode: (made - 1) / ((last - first) / 1000) };
}

const cold = await run();
const warm = await run();
console.log(JSON.stringify({
  name: backend === "vulkan" ? `llama.cpp Vulkan (${(await llama.getGpuDeviceNames()).join(", ")})` : "llama.cpp processor",
  load: (loaded - started) / 1000,
  firstPrompt: cold.toFirst,
  thenPrompt: warm.toFirst,
  decode: Math.max(cold.decode, warm.decode),
}));
process.exit(0);
