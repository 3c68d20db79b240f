import type { TokenizeOptions } from './engine.js';
import { asQuernError, QuernError, type QuernErrorKind, type TooLong } from './errors.js';
import type { SlowPath } from './slow.js';
import type {
  ModelOptions,
  ChatRequest,
  CompletionRequest,
  DeviceFacts,
  MemoryPlan,
  ModelFacts,
  Progress,
} from './types.js';

/** Marks messages of this package; both sides must be of one version. */
export const PROTOCOL = 2;

/** What may be opened from another thread: an address, whole because a worker has another place, or files. */
export type Source = string | Blob | readonly Blob[];

/** Options that can be sent. */
export type SentOptions = Omit<ModelOptions, 'signal' | 'onDevice' | 'onProgress'>;

/** What a page asks; each but the last three is answered by one `value` or `error`. */
export type Command =
  | { readonly type: 'open'; readonly source: Source; readonly options: SentOptions }
  | { readonly type: 'load' }
  | { readonly type: 'kernelSource'; readonly name: string }
  | { readonly type: 'complete'; readonly request: CompletionRequest }
  | { readonly type: 'chat'; readonly request: ChatRequest }
  | { readonly type: 'tokenize'; readonly text: string; readonly options: TokenizeOptions }
  | { readonly type: 'reset' }
  | { readonly type: 'unload' }
  | { readonly type: 'ping' }
  | { readonly type: 'abort'; readonly request: number }
  | { readonly type: 'interrupt' };

/** A command with its number; a session is one engine of one page. */
export interface Request {
  readonly quern: typeof PROTOCOL;
  readonly session: string;
  readonly id: number;
  readonly command: Command;
}

/** What comes back: pieces of a stream, then its end; or one value; or an error. Progress belongs to the session. */
export type Reply = {
  readonly quern: typeof PROTOCOL;
  readonly session: string;
  readonly id: number;
} & (
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'piece'; readonly value: unknown }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'error'; readonly error: SentError }
);

/** An error that crosses. */
export interface SentError {
  readonly kind: QuernErrorKind;
  readonly message: string;
  readonly tooLong?: TooLong | undefined;
}

/** The answer to `open`. */
export interface OpenedAnswer {
  readonly model: ModelFacts;
  readonly address: string;
  readonly compileSeconds: number | undefined;
  readonly warnings: readonly string[] | undefined;
  readonly slow: readonly SlowPath[];
  readonly memory: MemoryPlan;
}

/** The answer to `load`. */
export interface LoadedAnswer {
  readonly compileSeconds: number | undefined;
  readonly device: DeviceFacts;
  readonly slow: readonly SlowPath[];
  readonly chatProblem: string | undefined;
}

/** Whether a message that came is one of ours. */
export function isOurs<T extends Request | Reply>(message: unknown): message is T {
  return (message as { quern?: unknown } | null)?.quern === PROTOCOL;
}

/** An error as it is sent. */
export function sendError(problem: unknown): SentError {
  const { kind, message, tooLong } = asQuernError(problem);
  return { kind, message, tooLong };
}

/** An error that came. */
export function receiveError({ kind, message, tooLong }: SentError): QuernError {
  return new QuernError(kind, message, { tooLong });
}
