// Prints a table of the measurements, and Quern's speed over each other engine's.
const [quern, ...others] = process.argv.slice(2).map((text) => JSON.parse(text));
const line = (cells) => console.log(cells.map((cell, at) => (at ? cell.padStart(14) : cell.padEnd(46))).join(""));

line(["", "start", "first prompt", "then", "decode"]);
for (const each of [quern, ...others]) {
  line([
    each.name.slice(0, 45),
    `${each.load.toFixed(2)} s`,
    `${each.firstPrompt.toFixed(2)} s`,
    `${each.thenPrompt.toFixed(2)} s`,
    `${each.decode.toFixed(1)} tok/s`,
  ]);
}
console.log();
for (const other of others) {
  console.log(`Quern decodes ${(quern.decode / other.decode).toFixed(2)} x as fast as ${other.name}`);
}
console.log("\nstart: process, model and pipelines; first prompt: to the first token, in a new process; decode: the better of two runs");
