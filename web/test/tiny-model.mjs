// A random llama of two layers whose tokens are bytes, as a GGUF file. It says nothing sensible, the same on every
// machine.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENCODINGS } from './encodings.mjs';

const LAYERS = 2;
const HEADS = 4;
const KEY_VALUE_HEADS = 2;
const TOKENS = 257;

const CHAT_TEMPLATE =
  '{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}' +
  '{% if add_generation_prompt %}assistant: {% endif %}';

/** What is a whole number of what a model advises on choosing tokens. */
const WHOLE = ['top_k', 'penalty_last_n'];

const U32 = 4;
const I32 = 5;
const F32 = 6;
const STRING = 8;
const ARRAY = 9;

/** Quantised: attention as q4_0, the other layers' matrices as q4_1, embedding and head as q8_0. */
export const QUANTISED = (name) => (name.includes('attn') ? 'q4_0' : name.includes('ffn') ? 'q4_1' : 'q8_0');

/** Scales that a half holds exactly, and in whose reach all weights lie. */
const BLOCKS = {
  q4_0: { type: 2, bytes: 18, head: [0x2a00], pack: (values) => nibbles(values, 3 / 64, -3 / 8) },
  q4_1: { type: 3, bytes: 20, head: [0x2a00, 0xb600], pack: (values) => nibbles(values, 3 / 64, -3 / 8) },
  q8_0: { type: 8, bytes: 34, head: [0x1c00], pack: (values) => values.map((x) => Math.round(x * 256)) },
};

/** Control tokens of models that have some: in the places of two bytes that no text holds. */
export const CONTROLS = { 254: '<|turn|>', 255: '<|over|>' };

/** Columns of a model whose weights, 77 MB of them, do not fit into one file of a bundle. */
export const WIDE = 50_176;

/**
 * Writes the model; equal seeds give equal files.
 *
 * @param options `seed`; `encoding` names a matrix's, where it is not f32; `forward` is the width between; `context`
 *   its positions, 256 unless told; with a `template` of its own the model has control tokens, too, and with `null` no
 *   template; `files` are those that it is written into once more, split; `sampling` is what it advises, by the
 *   endings of its keys; `change` is given a tensor's name and its values, to change them
 */
export function writeTinyModel(path, options = {}) {
  const {
    seed = 1,
    encoding = () => undefined,
    forward = 96,
    context = 256,
    template,
    sampling = {},
    files = [],
    change = () => undefined,
  } = options;
  const next = random(seed);
  const tensors = shapes(64, forward).map((tensor) => {
    const block = tensor.shape.length > 1 ? BLOCKS[encoding(tensor.name)] : undefined;
    return { ...tensor, type: block?.type ?? 0, block };
  });
  const facts = { name: 'tiny', width: 64, forward, template, context, sampling };
  const dataOf = ({ name, elements, block }) => {
    const values = Array.from({ length: elements }, () => (name.includes('norm') ? 1 + 0.2 * next() : 0.35 * next()));
    change(name, values);
    const buffer = Buffer.alloc(block ? (elements / 32) * block.bytes : 4 * elements);
    if (block) {
      for (let index = 0; index < elements / 32; index++) {
        const quants = block.pack(values.slice(32 * index, 32 * index + 32));
        let at = block.head.reduce((place, half) => buffer.writeUInt16LE(half, place), index * block.bytes);
        for (const quant of quants) at = buffer.writeUInt8(quant & 0xff, at);
      }
    } else {
      for (let index = 0; index < elements; index++) buffer.writeFloatLE(values[index], 4 * index);
    }
    return buffer;
  };
  writeModel(path, facts, tensors, dataOf, files);
}

/**
 * Writes such a model in which the key of the token “z” leaves the range of halves: one column is its own, and heavy
 * where keys are made.
 */
export function writeLargeKeyModel(path) {
  writeTinyModel(path, {
    change: (name, values) => {
      for (let row = 0; row < values.length / 64; row++) {
        if (name === 'token_embd.weight') values[64 * row] = row === 'z'.charCodeAt(0) ? 3 : 0;
        if (name === 'blk.0.attn_k.weight') values[64 * row] = 1e6;
      }
    },
  });
}

/** Writes such a model with every matrix in another encoding: all that there are. */
export function writeMixedModel(path, seed = 2) {
  const next = random(seed);
  const matrices = Object.values(ENCODINGS);
  const tensors = [...shapes(256, 256), { name: 'output.weight', shape: [256, TOKENS] }].map((tensor) =>
    tensor.shape.length === 1
      ? { ...tensor, type: 0, encoding: { elements: 1, block: () => f32(1 + 0.2 * next()) } }
      : ((encoding) => ({ ...tensor, type: encoding.type, encoding }))(matrices.shift()),
  );
  if (matrices.length > 0) throw new Error(`${matrices.length} encodings have no matrix`);
  writeModel(path, { name: 'mixed', width: 256, forward: 256, context: 256 }, tensors, ({ elements, encoding }) =>
    Buffer.concat(Array.from({ length: elements / encoding.elements }, () => encoding.block(next))),
  );
}

/** Writes such a model split into three files, and answers their names. */
export function writeSplitModel(folder, stem, seed = 1) {
  const names = [1, 2, 3].map((number) => `${stem}-0000${number}-of-00003.gguf`);
  writeTinyModel(join(folder, `${stem}.gguf`), { seed, files: names.map((name) => join(folder, name)) });
  return names;
}

function writeModel(path, facts, tensors, dataOf, files = []) {
  const keys = metadata(facts);
  const filled = tensors.map((tensor) => ({
    ...tensor,
    data: padded(dataOf({ ...tensor, elements: tensor.shape.reduce((a, b) => a * b, 1) })),
  }));
  writeFileSync(path, container(keys, filled));
  files.forEach((file, index) => {
    const numbers = { no: index, count: files.length, 'tensors.count': tensors.length };
    const split = Object.entries(numbers).map(([name, value]) => [`split.${name}`, U32, u32(value)]);
    const own = filled.slice((filled.length * index) / files.length, (filled.length * (index + 1)) / files.length);
    writeFileSync(file, container(index === 0 ? [...keys, ...split] : split, own));
  });
}

function container(keys, tensors) {
  const head = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(keys.length)];
  keys.forEach(([key, type, value]) => head.push(string(key), u32(type), value));
  let offset = 0;
  for (const { name, shape, type, data } of tensors) {
    head.push(string(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset));
    offset += data.length;
  }
  return Buffer.concat([padded(Buffer.concat(head)), ...tensors.map(({ data }) => data)]);
}

function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
}

function metadata({ name, width, forward, template, context, sampling = {} }) {
  const controls = template === undefined || template === null ? {} : CONTROLS;
  const tokens = [];
  let spelled = 256;
  for (let value = 0; value < 256; value++) {
    const printable = (value >= 0x21 && value <= 0x7e) || (value >= 0xa1 && value !== 0xad);
    tokens.push(controls[value] ?? String.fromCharCode(printable ? value : spelled++));
  }
  tokens.push('in');
  return [
    ['general.architecture', STRING, string('llama')],
    ['general.name', STRING, string(name)],
    ['llama.block_count', U32, u32(LAYERS)],
    ['llama.context_length', U32, u32(context)],
    ['llama.embedding_length', U32, u32(width)],
    ['llama.feed_forward_length', U32, u32(forward)],
    ['llama.attention.head_count', U32, u32(HEADS)],
    ['llama.attention.head_count_kv', U32, u32(KEY_VALUE_HEADS)],
    ['llama.attention.layer_norm_rms_epsilon', F32, f32(1e-5)],
    ['tokenizer.ggml.model', STRING, string('gpt2')],
    ['tokenizer.ggml.pre', STRING, string('smollm')],
    ['tokenizer.ggml.tokens', ARRAY, array(STRING, tokens.map(string))],
    [
      'tokenizer.ggml.token_type',
      ARRAY,
      array(
        I32,
        tokens.map((_, id) => u32(id in controls ? 3 : 1)),
      ),
    ],
    ['tokenizer.ggml.merges', ARRAY, array(STRING, [string('i n')])],
    ['tokenizer.ggml.eos_token_id', U32, u32(0)],
    ...Object.entries(sampling).map(([ending, value]) => [
      `general.sampling.${ending}`,
      ...(WHOLE.includes(ending) ? [I32, u32(value)] : [F32, f32(value)]),
    ]),
    ...(template === null ? [] : [['tokenizer.chat_template', STRING, string(template ?? CHAT_TEMPLATE)]]),
  ];
}

function shapes(width, forward) {
  const keyWidth = (width / HEADS) * KEY_VALUE_HEADS;
  const tensors = [
    { name: 'token_embd.weight', shape: [width, TOKENS] },
    { name: 'output_norm.weight', shape: [width] },
  ];
  for (let layer = 0; layer < LAYERS; layer++) {
    const add = (name, ...shape) => tensors.push({ name: `blk.${layer}.${name}.weight`, shape });
    add('attn_norm', width);
    add('attn_q', width, width);
    add('attn_k', width, keyWidth);
    add('attn_v', width, keyWidth);
    add('attn_output', width, width);
    add('ffn_norm', width);
    add('ffn_gate', width, forward);
    add('ffn_up', width, forward);
    add('ffn_down', forward, width);
  }
  return tensors;
}

/** Sixteen bytes of a block of 32 values: the first half in the lower four bits. */
function nibbles(values, scale, minimum) {
  const quants = values.map((value) => Math.min(15, Math.max(0, Math.round((value - minimum) / scale))));
  return quants.slice(0, 16).map((low, index) => low | (quants[16 + index] << 4));
}

/** Numbers from -1 to 1 (a linear congruential generator). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function u32(value) {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function u64(value) {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function f32(value) {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}

function string(text) {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([u64(bytes.length), bytes]);
}

function array(type, items) {
  return Buffer.concat([u32(type), u64(items.length), ...items]);
}
