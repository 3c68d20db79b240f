export { Bundle, createEngine, openBundle } from './bundle.js';
export type { ChatCompletions, Completions, Engine, Streamed, TokenizeOptions, Whole } from './engine.js';
export { QuernError } from './errors.js';
export type { QuernErrorKind } from './errors.js';
export { checkSupport } from './support.js';
export type { Support } from './support.js';
export type { Keep } from './keeping.js';
export { deleteModel, models, persistStorage, storage } from './models.js';
export type * from './types.js';
