// Measures Quern: node quern.mjs COMMAND MODEL PROMPT TOKENS. Prints one line of JSON.
import { execFileSync } from "node:child_process";

const [command, model, prompt, count] = process.argv.slice(2);

function run() {
  const begin = performance.now();
  const output = execFileSync(command, ["run", model, "-p", prompt, "-n", count, "--json"], { stdio: ["ignore", "pipe", "ignore"] });
  const wall = (performance.now() - begin) / 1000;
  const { stats, tokens } = JSON.parse(output);
  const generating = stats.time_to_first_token_seconds + Math.max(0, tokens.length - 1) / stats.decode_tokens_per_second;
  return { load: wall - generating, toFirst: stats.time_to_first_token_seconds, decode: stats.decode_tokens_per_second };
}

const cold = run();
const warm = run();
console.log(JSON.stringify({
  name: "Quern",
  load: cold.load,
  firstPrompt: cold.toFirst,
  thenPrompt: warm.toFirst,
  decode: Math.max(cold.decode, warm.decode),
}));
