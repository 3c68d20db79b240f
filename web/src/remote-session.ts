import { QuernError } from './errors.js';
import { type Command, isOurs, PROTOCOL, receiveError, type Reply, type Request } from './protocol.js';
import type { Progress } from './types.js';

/** A way to another thread. */
export interface Channel {
  post(message: Request): void;
  /** From now on messages go to `message`; when the other side is gone, `gone` is told why. */
  listen(message: (data: unknown) => void, gone: (problem: QuernError) => void): void;
  close(): void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (problem: unknown) => void;
  readonly piece: (value: unknown) => void;
}

/** One engine of this page in another thread: commands go there, what comes back finds who asked. */
export class RemoteSession {
  readonly #channel: Channel;
  readonly #session = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  readonly #pending = new Map<number, Pending>();
  #requests = 0;
  #gone: QuernError | undefined;

  /** Is told of progress, whoever asked for what is being done. */
  progress: (progress: Progress) => void = () => undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.listen(
      (data) => {
        if (isOurs<Reply>(data) && data.session === this.#session) {
          this.#receive(data);
        }
      },
      (problem) => this.fail(problem),
    );
  }

  /** Whether nothing will be answered any more. */
  get gone(): boolean {
    return this.#gone !== undefined;
  }

  /**
   * Sends a command and waits for its answer.
   *
   * @param signal sends an abort after it
   * @param piece is given what comes before the answer
   */
  ask<T>(command: Command, signal?: AbortSignal, piece: (value: unknown) => void = () => undefined): Promise<T> {
    if (this.#gone) {
      return Promise.reject(this.#gone);
    }
    const id = ++this.#requests;
    const abort = () => this.tell({ type: 'abort', request: id });
    return new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, piece });
      this.#post(id, command);
      signal?.addEventListener('abort', abort);
    }).finally(() => {
      this.#pending.delete(id);
      signal?.removeEventListener('abort', abort);
    }) as Promise<T>;
  }

  /** Sends a command that nobody waits for. */
  tell(command: Command): void {
    if (!this.#gone) {
      this.#post(++this.#requests, command);
    }
  }

  /** All that was asked fails, and all that will be. */
  fail(problem: QuernError): void {
    this.#gone = problem;
    this.#pending.forEach(({ reject }) => reject(problem));
    this.#channel.close();
  }

  #post(id: number, command: Command): void {
    try {
      this.#channel.post({ quern: PROTOCOL, session: this.#session, id, command });
    } catch (problem) {
      const message = `The request cannot be sent to the worker: ${(problem as Error).message}`;
      this.#pending.get(id)?.reject(new QuernError('request', message, { cause: problem }));
    }
  }

  #receive(reply: Reply): void {
    switch (reply.type) {
      case 'value':
        this.#pending.get(reply.id)?.resolve(reply.value);
        break;
      case 'piece':
        this.#pending.get(reply.id)?.piece(reply.value);
        break;
      case 'progress':
        this.progress(reply.progress);
        break;
      case 'error':
        this.#pending.get(reply.id)?.reject(receiveError(reply.error));
    }
  }
}
