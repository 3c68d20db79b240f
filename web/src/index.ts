export { createEngine, Engine } from './engine.js';
export type {
  Completion,
  CompletionChunk,
  CompletionRequest,
  DeviceFacts,
  EngineOptions,
  ModelFacts,
  Progress,
  Usage,
} from './types.js';
export { QuernError } from './errors.js';
export type { QuernErrorKind } from './errors.js';
