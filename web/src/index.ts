export { Bundle, createEngine, openBundle } from './bundle.js';
export { Engine } from './engine.js';
export { QuernError } from './errors.js';
export type { QuernErrorKind } from './errors.js';
export type * from './types.js';
