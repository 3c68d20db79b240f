import { QuernError } from './errors.js';
import type { ChatMessage, ChatRequest, CompletionRequest } from './types.js';

/**
 * At most so many tokens, where a request does not say. The other defaults are the module's: they are the same for
 * every host.
 */
const DEFAULT_MAX_TOKENS = { text: 256, chat: 512 };

/** What the module is asked for besides the prompt. What is undefined was not said. */
export interface Sampling {
  /** Whether the prompt is a chat: then the model's own advice holds where nothing is said. */
  readonly chat: true | undefined;
  readonly max_tokens: number;
  readonly temperature: number | undefined;
  readonly top_p: number | undefined;
  readonly top_k: number | undefined;
  readonly min_p: number | undefined;
  readonly repeat_penalty: number | undefined;
  readonly repeat_last_n: number | undefined;
  readonly seed: number | undefined;
  /** The seed where none is given. */
  readonly drawn_seed: number;
  readonly stop: readonly string[];
}

/** A request that was understood. */
export interface Parameters {
  readonly sampling: Sampling;
  /** Where a stream tells the usage: with the last piece, in a piece of its own as OpenAI does it, or not. */
  readonly usage: 'last' | 'own' | 'none';
  readonly signal: AbortSignal | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** Say something about a request, but nothing about its answer. */
const HARMLESS = new Set([
  'metadata',
  'model',
  'prompt_cache_key',
  'safety_identifier',
  'service_tier',
  'store',
  'user',
]);

const UNDERSTOOD = new Set([
  'max_completion_tokens',
  'max_tokens',
  'messages',
  'min_p',
  'overflow',
  'prompt',
  'repeat_last_n',
  'repeat_penalty',
  'seed',
  'signal',
  'stop',
  'stream',
  'stream_options',
  'temperature',
  'top_k',
  'top_p',
]);

/** What OpenAI knows and this engine does not do, with the values that ask for nothing. */
const NEUTRAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  best_of: (value) => value === 1,
  echo: (value) => value === false,
  frequency_penalty: (value) => value === 0,
  logit_bias: (value) => typeof value === 'object' && Object.keys(value as object).length === 0,
  logprobs: (value) => value === false,
  n: (value) => value === 1,
  presence_penalty: (value) => value === 0,
  response_format: (value) => (value as { type?: unknown }).type === 'text',
  suffix: (value) => value === '',
  tool_choice: (value) => value === 'none' || value === 'auto',
  tools: (value) => Array.isArray(value) && value.length === 0,
};

/**
 * Reads a request. What is null counts as left out.
 *
 * @throws QuernError `request`, naming what is wrong or cannot be done
 */
export function readParameters(request: CompletionRequest | ChatRequest): Parameters {
  const values: Values = Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== undefined && value !== null),
  );
  for (const [name, value] of Object.entries(values)) {
    const neutral = NEUTRAL[name];
    if (!UNDERSTOOD.has(name) && !HARMLESS.has(name) && !neutral?.(value)) {
      throw refusal(neutral ? `${name}: ${show(value)} is not possible here` : `The parameter ${name} is not known`);
    }
  }
  if (typeof (values['stream'] ?? false) !== 'boolean') {
    throw refusal(`stream is ${show(values['stream'])}, but must be true or false`);
  }
  if (
    !['error', 'drop-oldest'].includes((values['overflow'] as string) ?? 'error') ||
    (values['overflow'] && !('messages' in request))
  ) {
    throw refusal(`overflow is ${show(values['overflow'])}, but must be error or drop-oldest, and goes with messages`);
  }
  const stop = values['stop'] ?? [];
  const stops: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
  if (!stops.every((each): each is string => typeof each === 'string' && each !== '')) {
    throw refusal(`stop is ${show(stop)}, but must be text or a list of texts, none of them empty`);
  }
  const chat = 'messages' in request;
  return {
    sampling: {
      chat: chat || undefined,
      max_tokens:
        whole(values, 'max_completion_tokens', 1) ??
        whole(values, 'max_tokens', 1) ??
        DEFAULT_MAX_TOKENS[chat ? 'chat' : 'text'],
      temperature: number(values, 'temperature', 0, Infinity),
      top_p: number(values, 'top_p', 0, 1),
      top_k: whole(values, 'top_k', 0),
      min_p: number(values, 'min_p', 0, 1),
      repeat_penalty: number(values, 'repeat_penalty', 0.01, Infinity),
      repeat_last_n: whole(values, 'repeat_last_n', 0),
      seed: whole(values, 'seed', -Number.MAX_SAFE_INTEGER),
      drawn_seed: Math.floor(Math.random() * 2 ** 31),
      stop: stops,
    },
    usage: usagePlace(values),
    signal: request.signal ?? undefined,
  };
}

/**
 * The messages of a chat with their content as text. Parts of text, as OpenAI has them, are joined; other parts are
 * refused.
 */
export function readMessages(request: ChatRequest): Array<{ role: string; content: string }> {
  if (!Array.isArray(request.messages) || request.messages.length === 0) {
    throw refusal('messages must be a list with at least one message');
  }
  return (request.messages as readonly ChatMessage[]).map((message, index) => {
    const place = `messages[${index}]`;
    if (typeof message?.role !== 'string') {
      throw refusal(`${place} has no role`);
    }
    return { role: message.role, content: content(message.content, place) };
  });
}

function content(given: unknown, place: string): string {
  if (typeof given === 'string') {
    return given;
  }
  if (!Array.isArray(given)) {
    throw refusal(`${place}.content is ${show(given)}, but must be text`);
  }
  return (given as Array<{ type?: unknown; text?: unknown } | null>)
    .map((part) => {
      if (part?.type !== 'text' || typeof part.text !== 'string') {
        throw refusal(`${place}.content has a part of type ${show(part?.type)}; this engine reads text only`);
      }
      return part.text;
    })
    .join('');
}

function usagePlace(values: Values): Parameters['usage'] {
  const options = values['stream_options'];
  if (options === undefined) {
    return 'last';
  }
  if (values['stream'] !== true || typeof options !== 'object') {
    throw refusal('stream_options says how a stream is told; it goes with stream: true only');
  }
  return (options as { include_usage?: unknown }).include_usage === true ? 'own' : 'none';
}

function whole(values: Values, name: string, least: number): number | undefined {
  const value = number(values, name, least, Number.MAX_SAFE_INTEGER);
  if (value !== undefined && !Number.isInteger(value)) {
    throw refusal(`${name} is ${value}, but must be a whole number`);
  }
  return value;
}

function number(values: Values, name: string, least: number, greatest: number): number | undefined {
  const value = values[name];
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'number' || !(value >= least && value <= greatest)) {
    const range = greatest === 1 ? `from ${least} to 1` : `of at least ${least}`;
    throw refusal(`${name} is ${show(value)}, but must be a number ${range}`);
  }
  return value;
}

function refusal(what: string): QuernError {
  return new QuernError('request', `${what}. See the list of parameters in the package's README.`);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
