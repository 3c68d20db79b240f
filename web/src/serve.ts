import { openAny } from './bundle.js';
import type { Engine, OpenedBundle } from './engine.js';
import { QuernError } from './errors.js';
import {
  type Command,
  isOurs,
  type LoadedAnswer,
  type OpenedAnswer,
  PROTOCOL,
  type Reply,
  type Request,
  sendError,
  type SentOptions,
  type Source,
} from './protocol.js';
import type { Progress } from './types.js';

/** Tells a page something on one of its requests. */
type Answer = (reply: { type: 'piece'; value: unknown } | { type: 'progress'; progress: Progress }) => void;

/** A model that one or several sessions use. */
interface Holding {
  readonly opened: Promise<OpenedBundle>;
  loaded: Promise<Engine> | undefined;
  readonly sessions: Set<string>;
  readonly listeners: Map<string, (progress: Progress) => void>;
  readonly tell: (progress: Progress) => void;
}

function hold(source: Source, options: SentOptions, signal: AbortSignal): Holding {
  const listeners: Holding['listeners'] = new Map();
  const tell = (progress: Progress) => listeners.forEach((listener) => listener(progress));
  return {
    opened: openAny(source, { ...options, signal, onProgress: tell }),
    loaded: undefined,
    sessions: new Set(),
    listeners,
    tell,
  };
}

/** Runs models for pages that send messages. Sessions that open the same thing in the same way share one model. */
export class Server {
  readonly #holdings = new Map<string, Holding>();
  readonly #sessions = new Map<string, { readonly key: string; readonly running: Map<number, AbortController> }>();

  /** Handles a message of a page; resolved when it is answered. */
  async handle({ session, id, command }: Request, post: (reply: Reply) => void): Promise<void> {
    const head = { quern: PROTOCOL, session, id } as const;
    try {
      const value = await this.#run(session, id, command, (reply) => post({ ...head, ...reply }));
      post({ ...head, type: 'value', value });
    } catch (problem) {
      post({ ...head, type: 'error', error: sendError(problem) });
    }
  }

  /** The sessions that have something open. */
  get sessions(): string[] {
    return [...this.#sessions.keys()];
  }

  /** Ends a session; a model that no other uses is freed. */
  async release(session: string): Promise<void> {
    const known = this.#sessions.get(session);
    this.#sessions.delete(session);
    const holding = known && this.#holdings.get(known.key);
    if (!known || !holding) {
      return;
    }
    known.running.forEach((controller) => controller.abort());
    holding.sessions.delete(session);
    holding.listeners.delete(session);
    if (holding.sessions.size === 0) {
      this.#holdings.delete(known.key);
      await holding.loaded?.then((engine) => engine.unload()).catch(() => undefined);
    }
  }

  async #run(session: string, id: number, command: Command, answer: Answer): Promise<unknown> {
    switch (command.type) {
      case 'open':
        return this.#open(session, id, command, answer);
      case 'ping':
        return this.#sessions.has(session);
      case 'unload':
        return this.release(session);
    }
    const known = this.#sessions.get(session);
    const holding = known && this.#holdings.get(known.key);
    if (!known || !holding) {
      throw new QuernError(
        'worker_lost',
        'The worker was started again and has no model any more. Send the request again.',
      );
    }
    switch (command.type) {
      case 'load':
        holding.listeners.set(session, (progress) => answer({ type: 'progress', progress }));
        return this.#abortable(known.running, id, (signal) => this.#load(known.key, holding, signal));
      case 'kernelSource':
        return (await holding.opened).kernelSource(command.name);
      case 'abort':
        known.running.get(command.request)?.abort();
        return undefined;
      case 'interrupt':
        // The first that is not answered yet is the one that runs.
        [...known.running.values()][0]?.abort();
        return undefined;
    }
    const engine = await holding.loaded;
    if (!engine) {
      throw new QuernError('request', 'The model is not loaded yet.');
    }
    switch (command.type) {
      case 'tokenize':
        return engine.tokenize(command.text, command.options);
      case 'reset':
        return engine.reset();
      case 'complete':
      case 'chat':
        return this.#abortable(known.running, id, async (signal) => {
          const create = command.type === 'chat' ? engine.chat.completions.create : engine.completions.create;
          const answered = (create as (request: object) => AsyncIterable<unknown> | Promise<unknown>)({
            ...command.request,
            signal,
          });
          if (!(Symbol.asyncIterator in answered)) {
            return answered;
          }
          for await (const value of answered) {
            answer({ type: 'piece', value });
          }
          return undefined;
        });
    }
  }

  async #open(session: string, id: number, command: Command & { type: 'open' }, answer: Answer): Promise<OpenedAnswer> {
    await this.release(session);
    const { source, options } = command;
    const key = typeof source === 'string' ? JSON.stringify([source, options]) : session;
    const running = new Map<number, AbortController>();
    this.#sessions.set(session, { key, running });
    return this.#abortable(running, id, async (signal) => {
      const holding = this.#holdings.get(key) ?? hold(source, options, signal);
      this.#holdings.set(key, holding);
      holding.sessions.add(session);
      holding.listeners.set(session, (progress) => answer({ type: 'progress', progress }));
      try {
        const bundle = await holding.opened;
        const { model, address, compileSeconds, warnings, slow } = bundle;
        return { model, address, compileSeconds, warnings, slow, memory: bundle.memoryPlan() };
      } catch (problem) {
        this.#forget(key, holding);
        throw problem;
      }
    });
  }

  async #load(key: string, holding: Holding, signal: AbortSignal): Promise<LoadedAnswer> {
    holding.loaded ??= holding.opened.then((bundle) => bundle.load({ onProgress: holding.tell, signal }));
    try {
      const engine = await holding.loaded;
      const { slow, chat } = engine;
      return {
        device: engine.deviceInfo(),
        slow,
        chatProblem: chat.problem,
        compileSeconds: (await holding.opened).compileSeconds,
      };
    } catch (problem) {
      // A bundle that could not be loaded is closed; who wants it opens it again.
      this.#forget(key, holding);
      throw problem;
    }
  }

  #forget(key: string, holding: Holding): void {
    if (this.#holdings.get(key) === holding) {
      this.#holdings.delete(key);
    }
    holding.sessions.forEach((session) => this.#sessions.delete(session));
  }

  async #abortable<T>(
    running: Map<number, AbortController>,
    id: number,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      return await work(controller.signal);
    } finally {
      running.delete(id);
    }
  }
}

/** Makes this worker run engines for the page that started it. A worker's script needs no more than this call. */
export function serveEngine(): void {
  const server = new Server();
  addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isOurs<Request>(data)) {
      void server.handle(data, (reply) => (postMessage as (message: unknown) => void)(reply));
    }
  });
}
