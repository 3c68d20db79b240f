import type { SlowPath } from './slow.js';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatRequest,
  Completion,
  CompletionChunk,
  CompletionRequest,
  DeviceFacts,
  LoadOptions,
  MemoryPlan,
  ModelFacts,
} from './types.js';

/** A request whose answer comes in one piece. */
export type Whole<R> = R & { readonly stream?: false | null };

/** A request whose answer comes piece by piece. */
export type Streamed<R> = R & { readonly stream: true };

/** Text that continues a prompt. */
export interface Completions {
  create(request: Streamed<CompletionRequest>): AsyncIterable<CompletionChunk>;
  create(request: Whole<CompletionRequest>): Promise<Completion>;
  create(request: CompletionRequest): Promise<Completion> | AsyncIterable<CompletionChunk>;
}

/** The next message of a chat; the model's own template turns the chat into a prompt. */
export interface ChatCompletions {
  create(request: Streamed<ChatRequest>): AsyncIterable<ChatCompletionChunk>;
  create(request: Whole<ChatRequest>): Promise<ChatCompletion>;
  create(request: ChatRequest): Promise<ChatCompletion> | AsyncIterable<ChatCompletionChunk>;
}

/**
 * A model on a device: in this page, in a worker or in a service worker. One request runs at a time; others wait for
 * their turn. What fails fails with a `QuernError`.
 */
export interface Engine {
  /** What was loaded. */
  readonly model: ModelFacts;
  readonly completions: Completions;
  readonly chat: {
    readonly completions: ChatCompletions;
    /**
     * Why the model cannot be chatted with (it has no template, or one that cannot be used): it continues text.
     * Undefined where it can.
     */
    readonly problem?: string | undefined;
  };

  /** What makes the model slower here than it need be, each with what can be done about it; nothing as a rule. */
  readonly slow: readonly SlowPath[];

  /** The tokens of a text. */
  tokenize(text: string, options?: TokenizeOptions): Promise<number[]>;

  /** Ends the request that runs; it resolves with what there is. */
  interrupt(): void;

  /** Forgets the conversation, after the requests that were made before: the next prompt is read from its beginning. */
  reset(): Promise<void>;

  /** What the device is and can do. */
  deviceInfo(): DeviceFacts;

  /** What the model takes on the device. */
  memoryPlan(): MemoryPlan;

  /** Frees the device's memory; the request that runs ends. The engine is of no use afterwards. */
  unload(): Promise<void>;
}

/** A bundle whose plan for the device is chosen: in this page or in a worker. */
export interface OpenedBundle {
  /** What the bundle holds. */
  readonly model: ModelFacts;

  /** What opens it again, and what `deleteModel` takes. */
  readonly address: string;

  /**
   * Seconds that compiling has taken, where a model file was compiled: the plan, and once it is loaded the packing of
   * weights too.
   */
  readonly compileSeconds?: number | undefined;

  /**
   * What is odd about a model file that was just compiled, and does no harm: sentences, each with its place in the
   * file.
   */
  readonly warnings?: readonly string[] | undefined;

  /** What will make the model slower here than it need be, each with what can be done about it; nothing as a rule. */
  readonly slow: readonly SlowPath[];

  /** What the model will take on the device. */
  memoryPlan(): MemoryPlan;

  /** The WGSL of a kernel. */
  kernelSource(name: string): Promise<string>;

  /** Fetches the weights as far as they are not here yet, and brings everything to the device. */
  load(options?: LoadOptions): Promise<Engine>;
}

/** How text becomes tokens. */
export interface TokenizeOptions {
  /** Whether the names of special tokens in the text stand for these. */
  readonly parseSpecial?: boolean;
}
