import { isChosen, sourceAddress } from './addresses.js';
import type { ChatCompletions, Completions, Engine, OpenedBundle, TokenizeOptions } from './engine.js';
import { QuernError } from './errors.js';
import type { Command, LoadedAnswer, OpenedAnswer, SentOptions, Source } from './protocol.js';
import { type Channel, RemoteSession } from './remote-session.js';
import type { SlowPath } from './slow.js';
import { Stream } from './stream.js';
import type {
  AnySource,
  ChatRequest,
  CompletionRequest,
  DeviceFacts,
  LoadOptions,
  MemoryPlan,
  ModelFacts,
  ModelOptions,
} from './types.js';

/** How a bundle or model file is opened in another thread: as here, but its device stays there. */
export type RemoteOptions = Omit<ModelOptions, 'onDevice'>;

/** What is open, and how it is opened again where the other side has lost it. */
interface Opening {
  readonly connect: () => Channel;
  readonly source: Source;
  readonly options: SentOptions;
}

/** Opens a bundle in another thread. */
export async function openRemote(
  connect: () => Channel,
  source: AnySource,
  { signal, onProgress, ...options }: RemoteOptions,
): Promise<RemoteBundle> {
  const whole = isChosen(source) ? source : sourceAddress(source).href;
  const session = new RemoteSession(connect());
  session.progress = onProgress ?? (() => undefined);
  try {
    const opened = await session.ask<OpenedAnswer>({ type: 'open', source: whole, options }, signal);
    return new RemoteBundle({ connect, source: whole, options }, session, opened);
  } catch (problem) {
    session.fail(problem as QuernError);
    signal?.throwIfAborted();
    throw problem;
  }
}

/** A bundle that is open in another thread. */
export class RemoteBundle implements OpenedBundle {
  readonly #opening: Opening;
  readonly #session: RemoteSession;
  readonly #memory: MemoryPlan;
  #compileSeconds: number | undefined;

  readonly model: ModelFacts;
  readonly address: string;
  readonly warnings: readonly string[] | undefined;
  readonly slow: readonly SlowPath[];

  constructor(opening: Opening, session: RemoteSession, opened: OpenedAnswer) {
    const { model, address, compileSeconds, warnings, slow, memory } = opened;
    this.#opening = opening;
    this.#session = session;
    this.model = model;
    this.address = address;
    this.#compileSeconds = compileSeconds;
    this.warnings = warnings;
    this.slow = slow;
    this.#memory = memory;
  }

  get compileSeconds(): number | undefined {
    return this.#compileSeconds;
  }

  memoryPlan(): MemoryPlan {
    return this.#memory;
  }

  kernelSource(name: string): Promise<string> {
    return this.#session.ask({ type: 'kernelSource', name });
  }

  async load({ onProgress, signal }: LoadOptions = {}): Promise<Engine> {
    this.#session.progress = onProgress ?? (() => undefined);
    try {
      const loaded = await this.#session.ask<LoadedAnswer>({ type: 'load' }, signal);
      this.#compileSeconds = loaded.compileSeconds;
      return new RemoteEngine(this.#opening, this.#session, this.model, this.#memory, loaded);
    } catch (problem) {
      this.#session.fail(problem as QuernError);
      signal?.throwIfAborted();
      throw problem;
    }
  }
}

/** A model that runs in another thread. If that thread is lost, the next request opens the model again. */
export class RemoteEngine implements Engine {
  readonly #opening: Opening;
  readonly #memory: MemoryPlan;
  #session: RemoteSession;
  #loaded: LoadedAnswer;
  #reopened: Promise<void> | undefined;
  #closed = false;

  readonly model: ModelFacts;

  readonly completions: Completions = {
    create: ((request: CompletionRequest) =>
      this.#create(request, ({ signal: _, ...sent }) => ({
        type: 'complete',
        request: sent,
      }))) as Completions['create'],
  };

  readonly chat: Engine['chat'];

  readonly #chatCompletions: ChatCompletions = {
    create: ((request: ChatRequest) =>
      this.#create(request, ({ signal: _, ...sent }) => ({
        type: 'chat',
        request: sent,
      }))) as ChatCompletions['create'],
  };

  constructor(opening: Opening, session: RemoteSession, model: ModelFacts, memory: MemoryPlan, loaded: LoadedAnswer) {
    this.#opening = opening;
    this.#session = session;
    this.model = model;
    this.#memory = memory;
    this.#loaded = loaded;
    this.chat = { completions: this.#chatCompletions, problem: loaded.chatProblem };
  }

  get slow(): readonly SlowPath[] {
    return this.#loaded.slow;
  }

  tokenize(text: string, options: TokenizeOptions = {}): Promise<number[]> {
    return this.#ask({ type: 'tokenize', text, options });
  }

  interrupt(): void {
    this.#session.tell({ type: 'interrupt' });
  }

  reset(): Promise<void> {
    return this.#ask({ type: 'reset' });
  }

  deviceInfo(): DeviceFacts {
    return this.#loaded.device;
  }

  memoryPlan(): MemoryPlan {
    return this.#memory;
  }

  async unload(): Promise<void> {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    if (!this.#session.gone) {
      await this.#session.ask({ type: 'unload' }).catch(() => undefined);
      this.#session.fail(new QuernError('request', 'The engine is unloaded; create another.'));
    }
  }

  #create<R extends CompletionRequest | ChatRequest>(
    request: R,
    command: (request: R) => Command,
  ): AsyncIterable<unknown> | Promise<unknown> {
    const { signal } = request;
    if (request.stream !== true) {
      return this.#ask(command(request), signal);
    }
    const left = new AbortController();
    const stream = new Stream<unknown>(() => left.abort());
    const either = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
    this.#ask(command(request), either, (piece) => stream.give(piece)).then(
      () => stream.end(),
      (problem: unknown) => stream.fail(problem),
    );
    return stream;
  }

  /** Asks; where the other side is lost before it has said anything, opens the model again there and asks once more. */
  async #ask<T>(command: Command, signal?: AbortSignal, piece: (value: unknown) => void = () => undefined): Promise<T> {
    if (signal?.aborted) {
      throw new QuernError('aborted', 'The request was aborted before it began.');
    }
    await this.#reopened?.catch(() => undefined);
    let heard = false;
    const listen = (value: unknown) => {
      heard = true;
      piece(value);
    };
    try {
      return await this.#session.ask<T>(command, signal, listen);
    } catch (problem) {
      if (heard || this.#closed || (problem as QuernError).kind !== 'worker_lost') {
        throw problem;
      }
    }
    this.#reopened ??= this.#reopen().finally(() => (this.#reopened = undefined));
    await this.#reopened;
    return this.#session.ask<T>(command, signal, listen);
  }

  async #reopen(): Promise<void> {
    const { connect, source, options } = this.#opening;
    const { progress } = this.#session;
    if (this.#session.gone) {
      this.#session = new RemoteSession(connect());
    }
    this.#session.progress = progress;
    progress({ phase: 'recover', loaded: 0, total: 1, text: 'the worker was lost: opening the model again' });
    await this.#session.ask<OpenedAnswer>({ type: 'open', source, options });
    this.#loaded = await this.#session.ask<LoadedAnswer>({ type: 'load' });
    progress({ phase: 'recover', loaded: 1, total: 1, text: 'the model is open again' });
  }
}
