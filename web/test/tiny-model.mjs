// A random llama of two layers whose tokens are bytes, as a GGUF file. It says nothing sensible, the same on every machine.
import { writeFileSync } from 'node:fs';

const WIDTH = 64;
const FORWARD = 96;
const LAYERS = 2;
const HEADS = 4;
const KEY_VALUE_HEADS = 2;
const TOKENS = 257;

const CHAT_TEMPLATE =
  '{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}' +
  '{% if add_generation_prompt %}assistant: {% endif %}';

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

/** Writes the model; equal seeds give equal files. `encoding` names a matrix's, where it is not f32. */
export function writeTinyModel(path, seed = 1, encoding = () => undefined) {
  const keys = metadata();
  const tensors = shapes();
  const head = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(keys.length)];
  keys.forEach(([key, type, value]) => head.push(string(key), u32(type), value));
  let offset = 0;
  for (const tensor of tensors) {
    const elements = tensor.shape.reduce((a, b) => a * b, 1);
    tensor.block = tensor.shape.length > 1 ? BLOCKS[encoding(tensor.name)] : undefined;
    head.push(string(tensor.name), u32(tensor.shape.length), ...tensor.shape.map(u64));
    head.push(u32(tensor.block?.type ?? 0), u64(offset));
    tensor.elements = elements;
    tensor.bytes = tensor.block ? (elements / 32) * tensor.block.bytes : elements * 4;
    offset += Math.ceil(tensor.bytes / 32) * 32;
  }
  const header = Buffer.concat(head);
  const padded = Buffer.concat([header, Buffer.alloc((32 - (header.length % 32)) % 32)]);
  const next = random(seed);
  const data = tensors.map(({ name, elements, bytes, block }) => {
    const buffer = Buffer.alloc(Math.ceil(bytes / 32) * 32);
    const values = Array.from({ length: elements }, () => (name.includes('norm') ? 1 + 0.2 * next() : 0.35 * next()));
    if (block) {
      for (let index = 0; index < elements / 32; index++) {
        const quants = block.pack(values.slice(32 * index, 32 * index + 32));
        let at = block.head.reduce((place, half) => buffer.writeUInt16LE(half, place), index * block.bytes);
        for (const quant of quants) at = buffer.writeUInt8(quant & 0xff, at);
      }
    } else {
      values.forEach((value, index) => buffer.writeFloatLE(value, 4 * index));
    }
    return buffer;
  });
  writeFileSync(path, Buffer.concat([padded, ...data]));
}

function metadata() {
  const tokens = [];
  let spelled = 256;
  for (let value = 0; value < 256; value++) {
    const printable = (value >= 0x21 && value <= 0x7e) || (value >= 0xa1 && value !== 0xad);
    tokens.push(String.fromCharCode(printable ? value : spelled++));
  }
  tokens.push('in');
  return [
    ['general.architecture', STRING, string('llama')],
    ['general.name', STRING, string('tiny')],
    ['llama.block_count', U32, u32(LAYERS)],
    ['llama.context_length', U32, u32(256)],
    ['llama.embedding_length', U32, u32(WIDTH)],
    ['llama.feed_forward_length', U32, u32(FORWARD)],
    ['llama.attention.head_count', U32, u32(HEADS)],
    ['llama.attention.head_count_kv', U32, u32(KEY_VALUE_HEADS)],
    ['llama.attention.layer_norm_rms_epsilon', F32, f32(1e-5)],
    ['tokenizer.ggml.model', STRING, string('gpt2')],
    ['tokenizer.ggml.pre', STRING, string('smollm')],
    ['tokenizer.ggml.tokens', ARRAY, array(STRING, tokens.map(string))],
    ['tokenizer.ggml.token_type', ARRAY, array(I32, tokens.map(() => u32(1)))],
    ['tokenizer.ggml.merges', ARRAY, array(STRING, [string('i n')])],
    ['tokenizer.ggml.eos_token_id', U32, u32(0)],
    ['tokenizer.chat_template', STRING, string(CHAT_TEMPLATE)],
  ];
}

function shapes() {
  const keyWidth = (WIDTH / HEADS) * KEY_VALUE_HEADS;
  const tensors = [
    { name: 'token_embd.weight', shape: [WIDTH, TOKENS] },
    { name: 'output_norm.weight', shape: [WIDTH] },
  ];
  for (let layer = 0; layer < LAYERS; layer++) {
    const add = (name, ...shape) => tensors.push({ name: `blk.${layer}.${name}.weight`, shape });
    add('attn_norm', WIDTH);
    add('attn_q', WIDTH, WIDTH);
    add('attn_k', WIDTH, keyWidth);
    add('attn_v', WIDTH, keyWidth);
    add('attn_output', WIDTH, WIDTH);
    add('ffn_norm', WIDTH);
    add('ffn_gate', WIDTH, FORWARD);
    add('ffn_up', WIDTH, FORWARD);
    add('ffn_down', FORWARD, WIDTH);
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
