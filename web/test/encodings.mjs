// Random blocks of every encoding of GGUF that models are read in: scales that keep a model's values near one, and any
// bits for the rest.

/** An f16's two bytes. */
function f16(value) {
  const magnitude = Math.abs(value);
  // Below 2^-14 there is no leading bit.
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  const steps = Math.round(magnitude * 2 ** (10 - exponent));
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE((value < 0 ? 0x8000 : 0) + ((exponent + 14) << 10) + steps);
  return buffer;
}

function bits(count, next) {
  return Buffer.from(Array.from({ length: count }, () => Math.floor((next() + 1) * 128) & 255));
}

/** Scales differ by block. */
const near = (value, next) => f16(value * (1 + 0.5 * next()));

function f32Bytes(value) {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}

/** By name: GGUF's number of the type, elements of a block, and a block from a source of numbers from -1 to 1. */
export const ENCODINGS = {
  q6_k: {
    type: 14,
    elements: 256,
    block: (next) => Buffer.concat([bits(208, next), near(8e-5, next)]),
  },
  q4_0: { type: 2, elements: 32, block: (next) => Buffer.concat([near(0.02, next), bits(16, next)]) },
  q4_1: {
    type: 3,
    elements: 32,
    block: (next) => Buffer.concat([near(0.02, next), f16(-0.15), bits(16, next)]),
  },
  q5_0: { type: 6, elements: 32, block: (next) => Buffer.concat([near(0.011, next), bits(20, next)]) },
  q5_1: {
    type: 7,
    elements: 32,
    block: (next) => Buffer.concat([near(0.011, next), f16(-0.17), bits(20, next)]),
  },
  q8_0: { type: 8, elements: 32, block: (next) => Buffer.concat([near(0.00135, next), bits(32, next)]) },
  q2_k: {
    type: 10,
    elements: 256,
    block: (next) => Buffer.concat([bits(80, next), near(0.008, next), near(0.012, next)]),
  },
  q3_k: { type: 11, elements: 256, block: (next) => Buffer.concat([bits(108, next), near(0.0024, next)]) },
  q5_k: {
    type: 13,
    elements: 256,
    block: (next) => Buffer.concat([near(0.0002, next), near(0.0031, next), bits(172, next)]),
  },
  iq4_nl: { type: 20, elements: 32, block: (next) => Buffer.concat([near(0.0014, next), bits(16, next)]) },
  iq4_xs: { type: 23, elements: 256, block: (next) => Buffer.concat([near(8e-5, next), bits(134, next)]) },
  mxfp4: {
    type: 39,
    elements: 32,
    block: (next) => Buffer.concat([Buffer.from([next() > 0 ? 122 : 121]), bits(16, next)]),
  },
  f16: { type: 1, elements: 1, block: (next) => f16(0.15 * next()) },
  bf16: { type: 30, elements: 1, block: (next) => f32Bytes(0.15 * next()).subarray(2) },
  f32: { type: 0, elements: 1, block: (next) => f32Bytes(0.15 * next()) },
  q4_k: {
    type: 12,
    elements: 256,
    block: (next) => Buffer.concat([near(0.0004, next), near(0.003, next), bits(140, next)]),
  },
};
