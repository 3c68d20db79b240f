import type { OpenDevice } from './device.js';
import { asQuernError, QuernError } from './errors.js';
import type { EngineModule } from './module.js';
import { Stream } from './stream.js';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatRequest,
  Completion,
  CompletionChunk,
  CompletionRequest,
  DeviceFacts,
  FinishReason,
  ModelFacts,
  Usage,
} from './types.js';

const DEFAULT_MAX_TOKENS = 256;

/** What is continued: text, text that a chat template has written, or tokens. */
type Prompt =
  | { readonly prompt: string; readonly templated?: boolean }
  | { readonly tokens: readonly number[] };

type Sampling = Omit<CompletionRequest, 'prompt' | 'stream'>;

/** What the module answers to a generation. */
interface Answer {
  readonly text: string;
  readonly tokens: number[];
  readonly stop_reason: string;
  readonly prompt_tokens: number;
  readonly reused_tokens: number;
  readonly generated_tokens: number;
  readonly time_to_first_token_seconds: number;
  readonly prefill_tokens_per_second: number;
  readonly decode_tokens_per_second: number;
}

/** A model on the device. One request runs at a time; others wait for their turn. */
export class Engine {
  readonly #module: EngineModule;
  readonly #opened: OpenDevice;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  #requests = 0;

  /** What was loaded. */
  readonly model: ModelFacts;

  /** Text that continues a prompt, in OpenAI's shapes. */
  readonly completions = {
    create: this.#create.bind(this) as {
      (request: CompletionRequest & { readonly stream: true }): AsyncIterable<CompletionChunk>;
      (request: CompletionRequest & { readonly stream?: false }): Promise<Completion>;
    },
  };

  /** The next message of a chat, in OpenAI's shapes; the model's own template turns the chat into a prompt. */
  readonly chat = {
    completions: {
      create: this.#chat.bind(this) as {
        (request: ChatRequest & { readonly stream: true }): AsyncIterable<ChatCompletionChunk>;
        (request: ChatRequest & { readonly stream?: false }): Promise<ChatCompletion>;
      },
    },
  };

  /** @internal */
  constructor(module: EngineModule, opened: OpenDevice, model: ModelFacts) {
    this.#module = module;
    this.#opened = opened;
    this.model = model;
  }

  /** The tokens of a text. */
  async tokenize(text: string, options: { readonly parseSpecial?: boolean } = {}): Promise<number[]> {
    return JSON.parse(await this.#module.tokenize(text, options.parseSpecial ?? false)) as number[];
  }

  /** Ends the request that runs; it resolves with what there is. */
  interrupt(): void {
    this.#module.interrupt();
  }

  /** What the device is and can do. */
  deviceInfo(): DeviceFacts {
    const { device, info } = this.#opened;
    const limits: Record<string, number> = {};
    for (const name in device.limits) {
      const value = device.limits[name as keyof GPUSupportedLimits];
      if (typeof value === 'number') {
        limits[name] = value;
      }
    }
    return {
      vendor: info.vendor,
      architecture: info.architecture,
      description: info.description,
      features: [...device.features].sort(),
      limits,
    };
  }

  /** Frees the device's memory. The engine is of no use afterwards. */
  async unload(): Promise<void> {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    this.#module.interrupt();
    await this.#last.catch(() => undefined);
    this.#module.close();
    this.#opened.device.destroy();
  }

  #create(request: CompletionRequest): AsyncIterable<CompletionChunk> | Promise<Completion> {
    const head = { ...this.#head('cmpl'), object: 'text_completion' as const };
    const prompt = () => Promise.resolve(promptOf(request));
    if (!request.stream) {
      return this.#run(prompt, request, () => undefined).then((answer) => ({
        ...head,
        choices: [{ index: 0, text: answer.text, finish_reason: finishReason(answer) }],
        usage: usage(answer),
        tokens: answer.tokens,
      }));
    }
    return this.#stream(
      prompt,
      request,
      (text): CompletionChunk => ({ ...head, choices: [{ index: 0, text, finish_reason: null }] }),
      (answer) => ({
        ...head,
        choices: [{ index: 0, text: '', finish_reason: finishReason(answer) }],
        usage: usage(answer),
      }),
    );
  }

  #chat(request: ChatRequest): AsyncIterable<ChatCompletionChunk> | Promise<ChatCompletion> {
    const head = this.#head('chatcmpl');
    const prompt = async () => ({
      prompt: await this.#module.renderChat(JSON.stringify({ messages: request.messages })),
      templated: true,
    });
    if (!request.stream) {
      return this.#run(prompt, request, () => undefined).then((answer) => ({
        ...head,
        object: 'chat.completion' as const,
        choices: [
          {
            index: 0,
            message: { role: 'assistant' as const, content: answer.text },
            finish_reason: finishReason(answer),
          },
        ],
        usage: usage(answer),
      }));
    }
    const object = 'chat.completion.chunk' as const;
    return this.#stream(
      prompt,
      request,
      (content): ChatCompletionChunk => ({
        ...head,
        object,
        choices: [{ index: 0, delta: { content }, finish_reason: null }],
      }),
      (answer) => ({
        ...head,
        object,
        choices: [{ index: 0, delta: {}, finish_reason: finishReason(answer) }],
        usage: usage(answer),
      }),
    );
  }

  #head(kind: string): { id: string; created: number; model: string } {
    return { id: `${kind}-${++this.#requests}`, created: Math.floor(Date.now() / 1000), model: this.model.name };
  }

  #stream<T>(
    prompt: () => Promise<Prompt>,
    request: Sampling,
    piece: (text: string) => T,
    last: (answer: Answer) => T,
  ): AsyncIterable<T> {
    const left = new AbortController();
    const signal = request.signal ? AbortSignal.any([request.signal, left.signal]) : left.signal;
    const stream = new Stream<T>(() => left.abort());
    this.#run(prompt, { ...request, signal }, (text) => stream.give(piece(text))).then(
      (answer) => {
        stream.give(last(answer));
        stream.end();
      },
      (problem: unknown) => stream.fail(problem),
    );
    return stream;
  }

  /** Waits for its turn, then generates. */
  #run(prompt: () => Promise<Prompt>, request: Sampling, text: (more: string) => void): Promise<Answer> {
    const turn = this.#last.catch(() => undefined).then(() => this.#generate(prompt, request, text));
    this.#last = turn;
    return turn;
  }

  async #generate(
    prompt: () => Promise<Prompt>,
    request: Sampling,
    text: (more: string) => void,
  ): Promise<Answer> {
    if (this.#closed) {
      throw new QuernError('request', 'The engine is unloaded; create another.');
    }
    if (request.signal?.aborted) {
      throw new QuernError('aborted', 'The request was aborted before it began.');
    }
    const stop = request.stop === undefined ? [] : typeof request.stop === 'string' ? [request.stop] : request.stop;
    const abort = () => this.#module.interrupt();
    request.signal?.addEventListener('abort', abort);
    try {
      const wanted = {
        ...(await prompt()),
        max_tokens: request.max_tokens ?? DEFAULT_MAX_TOKENS,
        temperature: request.temperature ?? 0,
        top_p: request.top_p ?? 1,
        top_k: request.top_k ?? 0,
        min_p: request.min_p ?? 0,
        seed: request.seed ?? 0,
        stop,
      };
      return JSON.parse(await this.#module.generate(JSON.stringify(wanted), text)) as Answer;
    } catch (problem) {
      throw asQuernError(problem);
    } finally {
      request.signal?.removeEventListener('abort', abort);
    }
  }
}

function promptOf(request: CompletionRequest): Prompt {
  return typeof request.prompt === 'string' ? { prompt: request.prompt } : { tokens: request.prompt };
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

function usage(answer: Answer): Usage {
  return {
    prompt_tokens: answer.prompt_tokens,
    completion_tokens: answer.generated_tokens,
    total_tokens: answer.prompt_tokens + answer.generated_tokens,
    extra: {
      reused_tokens: answer.reused_tokens,
      time_to_first_token_s: answer.time_to_first_token_seconds,
      prefill_tokens_per_s: answer.prefill_tokens_per_second,
      decode_tokens_per_s: answer.decode_tokens_per_second,
    },
  };
}
