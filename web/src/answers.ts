import type {
  ChatCompletion,
  ChatCompletionChunk,
  Completion,
  CompletionChunk,
  FinishReason,
  Usage,
} from './types.js';

/** What the module answers to a generation. */
export interface Answer {
  readonly text: string;
  readonly tokens: number[];
  readonly stop_reason: string;
  /** What tokens were drawn with, where they were drawn. */
  readonly seed?: number;
  readonly prompt_tokens: number;
  readonly reused_tokens: number;
  readonly generated_tokens: number;
  readonly time_to_first_token_seconds: number;
  readonly prefill_tokens_per_second: number;
  readonly decode_tokens_per_second: number;
  /** Messages that are not in the prompt, where any may be left out. */
  readonly dropped_messages?: number | undefined;
}

/** What every answer to one request begins with. */
export interface Head {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** How answers of one kind are spelled: as a whole, and as pieces of a stream. */
export interface Shapes<Result, Chunk> {
  whole(answer: Answer): Result;
  /** Comes before all text, if there is anything to say. */
  first(): Chunk | undefined;
  piece(text: string): Chunk;
  last(answer: Answer): Chunk;
  /** Only the usage. */
  usage(usage: Usage): Chunk;
}

/** Completions of text. */
export function completionShapes(head: Head): Shapes<Completion, CompletionChunk> {
  const object = 'text_completion' as const;
  const chunk = (text: string, finish_reason: FinishReason | null): CompletionChunk => ({
    ...head,
    object,
    choices: [{ index: 0, text, finish_reason }],
  });
  return {
    whole: (answer) => ({
      ...head,
      object,
      choices: [{ index: 0, text: answer.text, finish_reason: finishReason(answer) }],
      usage: usageOf(answer),
      tokens: answer.tokens,
    }),
    first: () => undefined,
    piece: (text) => chunk(text, null),
    last: (answer) => chunk('', finishReason(answer)),
    usage: (usage) => ({ ...head, object, choices: [], usage }),
  };
}

/** Messages of a chat. */
export function chatShapes(head: Head): Shapes<ChatCompletion, ChatCompletionChunk> {
  const object = 'chat.completion.chunk' as const;
  const chunk = (
    delta: { role?: 'assistant'; content?: string },
    finish_reason: FinishReason | null,
  ): ChatCompletionChunk => ({ ...head, object, choices: [{ index: 0, delta, finish_reason }] });
  return {
    whole: (answer) => ({
      ...head,
      object: 'chat.completion',
      choices: [
        { index: 0, message: { role: 'assistant', content: answer.text }, finish_reason: finishReason(answer) },
      ],
      usage: usageOf(answer),
    }),
    first: () => chunk({ role: 'assistant', content: '' }, null),
    piece: (content) => chunk({ content }, null),
    last: (answer) => chunk({}, finishReason(answer)),
    usage: (usage) => ({ ...head, object, choices: [], usage }),
  };
}

function finishReason(answer: Answer): FinishReason {
  switch (answer.stop_reason) {
    case 'end_of_text':
    case 'stop_string':
      return 'stop';
    case 'interrupted':
      return 'abort';
    default:
      return 'length';
  }
}

/** What a generation has cost. */
export function usageOf(answer: Answer): Usage {
  return {
    prompt_tokens: answer.prompt_tokens,
    completion_tokens: answer.generated_tokens,
    total_tokens: answer.prompt_tokens + answer.generated_tokens,
    extra: {
      reused_tokens: answer.reused_tokens,
      time_to_first_token_s: answer.time_to_first_token_seconds,
      prefill_tokens_per_s: answer.prefill_tokens_per_second,
      decode_tokens_per_s: answer.decode_tokens_per_second,
      ...(answer.seed !== undefined && { seed: answer.seed }),
      ...(answer.dropped_messages !== undefined && { dropped_messages: answer.dropped_messages }),
    },
  };
}
