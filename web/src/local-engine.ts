import { type Answer, chatShapes, completionShapes, type Head, type Shapes, usageOf } from './answers.js';
import { describeDevice } from './device.js';
import type { ChatCompletions, Completions, Engine, TokenizeOptions } from './engine.js';
import { asQuernError, QuernError } from './errors.js';
import type { Instance } from './instance.js';
import { fit } from './overflow.js';
import { readMessages, readParameters, type Sampling } from './parameters.js';
import type { SlowPath } from './slow.js';
import { Stream } from './stream.js';
import type { ChatRequest, CompletionRequest, DeviceFacts, MemoryPlan, ModelFacts } from './types.js';

/** A request survives so many losses of the device. */
const MOST_LOSSES = 2;

/** What is continued: text, or tokens. */
type Prompt = { readonly prompt: string } | { readonly tokens: readonly number[] };

/** A prompt, and how many messages of a chat are not in it, where any may be left out. */
interface Asked {
  readonly prompt: Prompt;
  readonly dropped?: number;
}

/** What hears of a generation. */
interface Listener {
  /** The prompt is known and generation begins. */
  begin(): void;
  text(more: string): void;
}

const HALF_CHARACTERS = /\p{Surrogate}/gu;

/** Texts become UTF-8, which has no place for half of a character: U+FFFD stands for it, as TextEncoder has it. */
const wellFormed = (_name: string, value: unknown) =>
  typeof value === 'string' ? value.replace(HALF_CHARACTERS, '\uFFFD') : value;

const SILENT: Listener = { begin: () => undefined, text: () => undefined };

/** A model on a device of this page or worker. */
export class LocalEngine implements Engine {
  readonly #instance: Instance;
  readonly #memory: MemoryPlan;
  readonly #reload: () => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();
  #recovery: Promise<void> | undefined;
  #running: AbortController | undefined;
  #closed = false;
  #requests = 0;

  readonly model: ModelFacts;

  readonly completions: Completions = {
    create: ((request: CompletionRequest) =>
      this.#create(
        request,
        async () => ({ prompt: promptOf(request) }),
        completionShapes(this.#head('cmpl')),
      )) as Completions['create'],
  };

  readonly chat: Engine['chat'];

  readonly #chatCompletions: ChatCompletions = {
    create: ((request: ChatRequest) =>
      this.#create(
        request,
        () => this.#chatPrompt(request),
        chatShapes(this.#head('chatcmpl')),
      )) as ChatCompletions['create'],
  };

  /** @param reload brings the model to another device after a loss */
  constructor(instance: Instance, model: ModelFacts, memory: MemoryPlan, reload: () => Promise<void>) {
    this.#instance = instance;
    this.model = model;
    this.#memory = memory;
    this.#reload = reload;
    this.chat = { completions: this.#chatCompletions, problem: instance.chatProblem };
  }

  get slow(): readonly SlowPath[] {
    return this.#instance.slow;
  }

  async tokenize(text: string, options: TokenizeOptions = {}): Promise<number[]> {
    this.#checkOpen();
    await this.#recovery?.catch(() => undefined);
    try {
      return JSON.parse(await this.#instance.module.tokenize(text, options.parseSpecial ?? false)) as number[];
    } catch (problem) {
      throw asQuernError(problem);
    }
  }

  interrupt(): void {
    this.#running?.abort();
  }

  reset(): Promise<void> {
    return this.#inTurn(async () => {
      this.#checkOpen();
      this.#instance.module.reset();
    });
  }

  deviceInfo(): DeviceFacts {
    return describeDevice(this.#instance.opened);
  }

  memoryPlan(): MemoryPlan {
    return this.#memory;
  }

  async unload(): Promise<void> {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    this.interrupt();
    await this.#last.catch(() => undefined);
    this.#instance.close();
  }

  #create<Result, Chunk>(
    request: CompletionRequest | ChatRequest,
    prompt: () => Promise<Asked>,
    shapes: Shapes<Result, Chunk>,
  ): AsyncIterable<Chunk> | Promise<Result> {
    return request.stream === true
      ? this.#stream(request, prompt, shapes)
      : this.#generate(request, prompt, SILENT, undefined).then((answer) => shapes.whole(answer));
  }

  #stream<Result, Chunk>(
    request: CompletionRequest | ChatRequest,
    prompt: () => Promise<Asked>,
    shapes: Shapes<Result, Chunk>,
  ): AsyncIterable<Chunk> {
    const left = new AbortController();
    const stream = new Stream<Chunk>(() => left.abort());
    const listener: Listener = {
      begin: () => {
        const first = shapes.first();
        if (first) {
          stream.give(first);
        }
      },
      text: (more) => stream.give(shapes.piece(more)),
    };
    this.#generate(request, prompt, listener, left.signal).then(
      (answer) => {
        const { usage } = readParameters(request);
        const last = shapes.last(answer);
        stream.give(usage === 'last' ? { ...last, usage: usageOf(answer) } : last);
        if (usage === 'own') {
          stream.give(shapes.usage(usageOf(answer)));
        }
        stream.end();
      },
      (problem: unknown) => stream.fail(problem),
    );
    return stream;
  }

  async #generate(
    request: CompletionRequest | ChatRequest,
    prompt: () => Promise<Asked>,
    listener: Listener,
    left: AbortSignal | undefined,
  ): Promise<Answer> {
    const { sampling, signal } = readParameters(request);
    return this.#inTurn(async () => {
      this.#checkOpen();
      if (signal?.aborted || left?.aborted) {
        throw new QuernError('aborted', 'The request was aborted before it began.');
      }
      const running = new AbortController();
      const abort = () => running.abort();
      running.signal.addEventListener('abort', () => this.#instance.module.interrupt());
      signal?.addEventListener('abort', abort);
      left?.addEventListener('abort', abort);
      this.#running = running;
      try {
        return await this.#answer(prompt, sampling, listener, running.signal);
      } catch (problem) {
        throw asQuernError(problem);
      } finally {
        this.#running = undefined;
        signal?.removeEventListener('abort', abort);
        left?.removeEventListener('abort', abort);
      }
    });
  }

  /** Generates; where the device is lost on the way, goes on with another from the tokens that there are. */
  async #answer(
    prompt: () => Promise<Asked>,
    sampling: Sampling,
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { module } = this.#instance;
    let begun = false;
    let dropped: number | undefined;
    for (let losses = 0; ; losses++) {
      if (this.#instance.lost) {
        await this.#recover();
      }
      try {
        if (begun && module.broken()) {
          return { ...(JSON.parse(await module.resume()) as Answer), dropped_messages: dropped };
        }
        const asked = await prompt();
        const request = JSON.stringify({ ...asked.prompt, ...sampling });
        dropped = asked.dropped;
        if (!begun) {
          begun = true;
          listener.begin();
        }
        if (signal.aborted) {
          return NOTHING;
        }
        const answer = JSON.parse(await module.generate(request, (more) => listener.text(more))) as Answer;
        return { ...answer, dropped_messages: dropped };
      } catch (problem) {
        if (losses === MOST_LOSSES || !(await this.#instance.isLost())) {
          throw problem;
        }
      }
    }
  }

  async #recover(): Promise<void> {
    this.#recovery = this.#reload();
    try {
      await this.#recovery;
    } finally {
      this.#recovery = undefined;
    }
  }

  async #chatPrompt(request: ChatRequest): Promise<Asked> {
    const messages = readMessages(request);
    if (request.overflow !== 'drop-oldest') {
      return { prompt: { tokens: await this.#encode(messages) } };
    }
    const context = this.model.context_length;
    const answer = Math.min(readParameters(request).sampling.max_tokens, Math.floor(context / 4));
    return fit(messages, context - answer, async (kept) => {
      const tokens = await this.#encode(kept);
      return { prompt: { tokens }, tokens: tokens.length };
    });
  }

  async #encode(messages: ReadonlyArray<{ role: string; content: string }>): Promise<number[]> {
    return JSON.parse(await this.#instance.module.chatPrompt(JSON.stringify({ messages }, wellFormed))) as number[];
  }

  #head(kind: string): Head {
    return { id: `${kind}-${++this.#requests}`, created: Math.floor(Date.now() / 1000), model: this.model.name };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.catch(() => undefined).then(work);
    this.#last = turn;
    return turn;
  }

  #checkOpen(): void {
    if (this.#closed) {
      throw new QuernError('request', 'The engine is unloaded; create another.');
    }
  }
}

/** The answer to a request that was ended before its first token. */
const NOTHING: Answer = {
  text: '',
  tokens: [],
  stop_reason: 'interrupted',
  prompt_tokens: 0,
  reused_tokens: 0,
  generated_tokens: 0,
  time_to_first_token_seconds: 0,
  prefill_tokens_per_second: 0,
  decode_tokens_per_second: 0,
};

function promptOf(request: CompletionRequest): Prompt {
  const { prompt } = request;
  if (typeof prompt === 'string') {
    return { prompt };
  }
  if (Array.isArray(prompt) && prompt.every((id) => Number.isInteger(id) && id >= 0 && id < 2 ** 31)) {
    return { tokens: prompt };
  }
  throw new QuernError('request', 'prompt must be one text, or a list of token numbers from 0.');
}
