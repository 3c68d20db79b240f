import { QuernError } from './errors.js';
import { type Patience, PATIENCE, pause, retryAfterMs, seconds, span, waitMs } from './patience.js';

/** How something is fetched. */
export interface Fetching {
  readonly signal?: AbortSignal | undefined;
  readonly patience?: Patience | undefined;
  /** Is told in words what is waited for, and `undefined` as soon as bytes come again. */
  readonly waiting?: ((what: string | undefined) => void) | undefined;
}

/** What servers answer that are overloaded or being restarted. */
const BUSY = new Set([429, 500, 502, 503, 504]);

/** The server could not be reached, or something else answered in its place. */
export class Unreachable extends QuernError {}

/** A try that failed in a way that another may not. */
class Again extends Error {
  readonly afterMs: number | undefined;
  /** Whether there was no answer at all. */
  readonly unanswered: boolean;

  constructor(
    reason: string,
    {
      afterMs,
      unanswered = false,
      cause,
    }: { afterMs?: number | undefined; unanswered?: boolean; cause?: unknown } = {},
  ) {
    super(reason, { cause });
    this.afterMs = afterMs;
    this.unanswered = unanswered;
  }
}

/**
 * Tries until it is done, or until too many tries in a row have brought nothing.
 *
 * @param attempt tries over a line of its own
 * @param failed makes the error that ends it, of the reason in words
 */
export async function persistently<T>(
  url: string,
  { signal, patience: given, waiting }: Fetching,
  attempt: (line: Line) => Promise<T>,
  failed: (reason: string) => string,
): Promise<T> {
  const patience = { ...PATIENCE, ...given };
  let failures = 0;
  let refused = 0;
  for (;;) {
    const line = new Line(url, patience, signal, waiting);
    try {
      return await attempt(line);
    } catch (problem) {
      signal?.throwIfAborted();
      if (!(problem instanceof Again)) {
        throw problem;
      }
      failures = line.advanced ? 0 : failures + 1;
      if (problem.unanswered && (await isKeptFromPages(url, patience, signal))) {
        refused++;
        if (refused > 1) {
          throw new Unreachable('network', `${failed(problem.message)} ${keptFromPages(url)}`, { cause: problem });
        }
        continue;
      }
      if (failures >= patience.tries) {
        throw new Unreachable('network', failed(problem.message), { cause: problem });
      }
      if (problem.afterMs !== undefined && problem.afterMs > patience.tries * patience.mostRetryAfterMs) {
        // Longer than it is waited for in all: asking again before that would only annoy the server.
        const reason = `${problem.message} and asks to be left alone for ${span(problem.afterMs)}`;
        throw new Unreachable('network', failed(reason), { cause: problem });
      }
      const wait = waitMs(patience, failures, problem.afterMs);
      waiting?.(`${problem.message}, trying again${wait < 1000 ? '' : ` in ${seconds(wait)}`}`);
      await pause(wait, signal);
    }
  }
}

/** One try: a request and what it brings, given up when nothing comes. */
export class Line {
  readonly #url: string;
  readonly #patience: Required<Patience>;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting: Fetching['waiting'];
  readonly #own = new AbortController();

  /** Whether it has brought anything that was not there before. */
  advanced = false;

  constructor(
    url: string,
    patience: Required<Patience>,
    signal: AbortSignal | undefined,
    waiting: Fetching['waiting'],
  ) {
    this.#url = url;
    this.#patience = patience;
    this.#signal = signal;
    this.#waiting = waiting;
  }

  /**
   * Asks the server. What it answers is a file or a part of it, or 416.
   *
   * @throws QuernError `network` where another try is of no use
   */
  async ask(init: RequestInit): Promise<Response> {
    const signal = this.#signal ? AbortSignal.any([this.#signal, this.#own.signal]) : this.#own.signal;
    const response = await this.#watched(true, () => fetch(this.#url, { ...init, signal }));
    const { status } = response;
    if (BUSY.has(status)) {
      void response.body?.cancel().catch(() => undefined);
      throw new Again(`the server answered ${status}`, { afterMs: retryAfterMs(response.headers.get('retry-after')) });
    }
    if (status === 416) {
      return response;
    }
    if (!response.ok) {
      throw new QuernError('network', `${this.#url} cannot be fetched: the server answered ${status}.`);
    }
    if (/^(text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? '')) {
      void response.body?.cancel().catch(() => undefined);
      throw new Unreachable('network', webPage(this.#url, response.url));
    }
    return response;
  }

  /** The bytes of an answer as they come. */
  async *pieces(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = response.body?.getReader();
    try {
      while (reader) {
        const { done, value } = await this.#watched(false, () => reader.read());
        if (done) {
          return;
        }
        yield value;
      }
    } finally {
      void reader?.cancel().catch(() => undefined);
    }
  }

  /** It has brought something. */
  advance(): void {
    this.advanced = true;
    this.#waiting?.(undefined);
  }

  /** The answer ended too early. */
  broken(): Error {
    return new Again('the connection broke off');
  }

  async #watched<T>(asking: boolean, work: () => Promise<T>): Promise<T> {
    const { stallMs } = this.#patience;
    let stalled = false;
    const notice = setTimeout(() => this.#waiting?.(`waiting for ${hostOf(this.#url)}`), stallMs / 3);
    const stall = setTimeout(() => {
      stalled = true;
      this.#own.abort();
    }, stallMs);
    try {
      return await work();
    } catch (problem) {
      this.#signal?.throwIfAborted();
      const reason = stalled
        ? `no data for ${seconds(stallMs)}`
        : navigator.onLine === false
          ? 'this device is not connected to a network'
          : `the network failed (${(problem as Error).message})`;
      throw new Again(reason, { unanswered: asking && !stalled, cause: problem });
    } finally {
      clearTimeout(notice);
      clearTimeout(stall);
    }
  }
}

/**
 * Browsers do not tell a page whether there is no such server or whether it lets no page of another site read its
 * files; but an answer that nobody reads tells that there is one.
 */
async function isKeptFromPages(
  url: string,
  { stallMs }: Required<Patience>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (new URL(url).origin === location.origin) {
    return false;
  }
  const late = AbortSignal.timeout(stallMs);
  return fetch(url, { method: 'HEAD', mode: 'no-cors', signal: signal ? AbortSignal.any([signal, late]) : late }).then(
    () => true,
    () => {
      signal?.throwIfAborted();
      return false;
    },
  );
}

function keptFromPages(url: string): string {
  return (
    `${hostOf(url)} can be reached, but it does not let pages of other sites read this file (CORS): ` +
    'have it send “Access-Control-Allow-Origin”, or download the file and choose it here.'
  );
}

/** What networks that want a sign-in answer to everything, and some servers where there is no such file. */
function webPage(url: string, answered: string): string {
  const from = answered && hostOf(answered) !== hostOf(url) ? ` from ${hostOf(answered)}` : '';
  return (
    `${url} cannot be fetched: a web page came${from} in its place. The network may want you to sign in first ` +
    `(open any page in a new tab), ` +
    'or there is no such file at this address.'
  );
}

function hostOf(url: string): string {
  return new URL(url, location.href).host;
}
