import type { Keep } from './keeping.js';
import type { Patience } from './patience.js';

/** How far loading is. Bytes and pipelines are counted exactly: the plan knows how many there are. */
export interface Progress {
  /**
   * What is being done: planning the model and packing its weights, where a model file is compiled; reading weights
   * from this device or the network, bringing them to the GPU, compiling kernels; some of it again after the device was
   * lost.
   */
  readonly phase: 'compile' | 'repack' | 'fetch' | 'weights' | 'pipelines' | 'recover';
  readonly loaded: number;
  readonly total: number;
  /** The same in words. */
  readonly text: string;
  /**
   * Why nothing comes at the moment: what is waited for, or what went wrong and that it is tried again. The text says
   * it too.
   */
  readonly waiting?: string;
  /** What the person should know besides: the browser has no room to keep the model. */
  readonly warning?: string;
}

/** A model of which files are kept on this device. */
export interface KeptModel {
  /** What opens it again, and what {@link deleteModel} takes. */
  readonly address: string;
  readonly name: string;
  readonly encoding: string;
  readonly parameters: number;
  /** When it was last opened, in milliseconds since 1970. */
  readonly opened: number;
  /** What is here, of what there is. Files that two models share count for both. */
  readonly kept_bytes: number;
  readonly total_bytes: number;
  /** Whether compiling it was ended before it was done: opening its model file again goes on. */
  readonly unfinished: boolean;
  /** The address of that file, if it was compiled of one that has an address. */
  readonly source?: string;
}

/** Where models are kept. */
export interface StorageFacts {
  /** What keeps them; `memory` lasts as long as the page. */
  readonly store: 'private file system' | 'cache' | 'memory';
  /** What the browser allows this page's origin, and what of it is used, for whatever purpose; it may not tell. */
  readonly quota_bytes?: number;
  readonly used_bytes?: number;
  /** Whether the browser has agreed not to clear it when space runs short. */
  readonly persisted: boolean;
}

/**
 * What may be opened: an address; a file that a person chose; or all the files of a model that was split into several.
 */
export type AnySource = string | URL | Blob | readonly Blob[];

/** How a bundle is opened. */
export interface BundleOptions {
  /** The name of one of the bundle's profiles; without it, the first that fits the device. */
  readonly profile?: string;
  /** Whether files are kept for the next visit; `if-possible` unless told. */
  readonly keep?: Keep;
  /** How long downloads are waited for, and how often they are tried. */
  readonly patience?: Patience;
  readonly signal?: AbortSignal;
  /** Hears of what opening does: what is waited for, fetching a file that cannot be read in parts, and compiling. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * What the engine runs as; if none is told, `webassembly` where the browser has garbage collection there, else
   * `javascript`.
   */
  readonly target?: 'webassembly' | 'javascript';
  /** Is given the device as soon as it is open, and after its loss the next one. It stays the engine's. */
  readonly onDevice?: (device: GPUDevice) => void;
}

/** How keys and values are kept. */
export type CacheEncoding = 'f16' | 'f32' | 'q8_0';

/** How a model file is opened and compiled. */
export interface ModelOptions extends BundleOptions {
  /** The name of a profile of the compiler's; without it, what fits this device best, with this device's own limits. */
  readonly profile?: string;
  /** Positions to have room for; without it, what the model was trained for, at most 4096. */
  readonly context?: number;
  /**
   * How keys and values are kept; `f16` unless told. `f32` takes twice the memory, and runs models whose keys or values
   * leave the range of f16. `q8_0` takes about half: blocks of 32 bytes with a scale, of which a head must be a
   * multiple.
   */
  readonly cache?: CacheEncoding;
}

/** How a bundle is brought to the device. */
export interface LoadOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Ends loading; what has come is kept. */
  readonly signal?: AbortSignal;
}

/** How an engine is made. */
export interface EngineOptions extends ModelOptions, LoadOptions {}

/** Facts on a loaded model. */
export interface ModelFacts {
  readonly name: string;
  readonly architecture: string;
  readonly encoding: string;
  readonly parameters: number;
  readonly context_length: number;
  readonly vocabulary_size: number;
  readonly cache_encoding: CacheEncoding;
  readonly profile: string;
  /** How its publishers advise to choose tokens: what chats follow unless they are told otherwise. */
  readonly sampling?: Pick<
    CompletionRequest,
    'temperature' | 'top_k' | 'top_p' | 'min_p' | 'repeat_penalty' | 'repeat_last_n'
  >;
}

/** A value's place in the arena, and from which step to which it lives there. */
export interface MemoryRegion {
  readonly entry_point: string;
  readonly value: string;
  readonly offset: number;
  readonly bytes: number;
  readonly first_step: number;
  readonly last_step: number;
}

/** What the model will take on the device, to the byte, known before any weight is fetched. */
export interface MemoryPlan {
  readonly memory: {
    readonly weight_bytes: number;
    /** Keys and values of all positions. */
    readonly state_bytes: number;
    readonly arena_bytes: number;
    /** No plan can do with a smaller arena. */
    readonly arena_lower_bound_bytes: number;
    readonly other_bytes: number;
    readonly total_bytes: number;
    readonly regions: readonly MemoryRegion[];
  };
  /** The names of the kernels. */
  readonly kernels: readonly string[];
}

/** Facts on the device. */
export interface DeviceFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/**
 * A request for text that continues a prompt, in OpenAI's names; `top_k`, `min_p`, `repeat_penalty` and `repeat_last_n`
 * besides. Other parameters of OpenAI's are refused by name if they would change the answer, and ignored if not.
 */
export interface CompletionRequest {
  readonly prompt: string | readonly number[];
  /** Ignored: an engine has one model. */
  readonly model?: string;
  /** 256 if nothing else is said; 512 in a chat. */
  readonly max_tokens?: number;
  /** The same, by OpenAI's newer name. */
  readonly max_completion_tokens?: number;
  /**
   * 0 takes the likeliest token. That is the default of completions, unless `top_p`, `top_k`, `min_p` or `seed` is
   * given: 0.7 then. The defaults of chats, of all that follows too, are what the model's file advises, else those in
   * the package's README.
   */
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
  readonly min_p?: number;
  /** Logits of the last `repeat_last_n` tokens are divided by it if positive, and multiplied if not; 1 is none. */
  readonly repeat_penalty?: number;
  /** 64 unless told. */
  readonly repeat_last_n?: number;
  /** Another one each time unless told; `usage.extra.seed` tells which it was. */
  readonly seed?: number;
  readonly stop?: string | readonly string[];
  /** One answer is all that there is. */
  readonly n?: 1;
  readonly stream?: boolean | null;
  /**
   * With `include_usage` the usage comes in a piece of its own, without choices; without these options it comes with
   * the last piece.
   */
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly signal?: AbortSignal;
}

/** What a request has cost. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly extra: {
    readonly reused_tokens: number;
    readonly time_to_first_token_s: number;
    readonly prefill_tokens_per_s: number;
    readonly decode_tokens_per_s: number;
    /** What tokens were drawn with, where they were drawn. */
    readonly seed?: number;
    /** Messages of the chat that were left out, where `overflow` allows it. */
    readonly dropped_messages?: number;
  };
}

/** Why text ended: the model or a stop string ended it, the room was used up, or it was interrupted. */
export type FinishReason = 'stop' | 'length' | 'abort';

/** The whole continuation. */
export interface Completion {
  readonly id: string;
  readonly object: 'text_completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly [{ readonly index: 0; readonly text: string; readonly finish_reason: FinishReason }];
  readonly usage: Usage;
  /** The tokens of the continuation. */
  readonly tokens: readonly number[];
}

/** A piece of the continuation; the last has the reason and no text. */
export interface CompletionChunk {
  readonly id: string;
  readonly object: 'text_completion';
  readonly created: number;
  readonly model: string;
  /** One, or none in the piece that has only the usage. */
  readonly choices: ReadonlyArray<{
    readonly index: 0;
    readonly text: string;
    readonly finish_reason: FinishReason | null;
  }>;
  readonly usage?: Usage;
}

/** A message of a chat. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  /** Text, or parts of text. */
  readonly content: string | ReadonlyArray<{ readonly type: 'text'; readonly text: string }>;
}

/** A request for the next message of a chat. */
export interface ChatRequest extends Omit<CompletionRequest, 'prompt'> {
  readonly messages: readonly ChatMessage[];
  /**
   * What happens to a chat that is too long. `error`, the default, refuses it: the error's `tooLong` has the numbers.
   * `drop-oldest` leaves out the oldest turns (a message of the user and what follows until the next) until there is
   * room for the answer: for `max_tokens`, but no more than a quarter of the context. System messages and the last turn
   * stay; `usage.extra.dropped_messages` tells how many messages the model did not see.
   */
  readonly overflow?: 'error' | 'drop-oldest';
}

/** A message that the model wrote. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string;
}

/** The next message. */
export interface ChatCompletion {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly [
    { readonly index: 0; readonly message: AssistantMessage; readonly finish_reason: FinishReason },
  ];
  readonly usage: Usage;
}

/** A piece of the next message: the first has the role, the last the reason. */
export interface ChatCompletionChunk {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  /** One, or none in the piece that has only the usage. */
  readonly choices: ReadonlyArray<{
    readonly index: 0;
    readonly delta: { readonly role?: 'assistant'; readonly content?: string };
    readonly finish_reason: FinishReason | null;
  }>;
  readonly usage?: Usage;
}
