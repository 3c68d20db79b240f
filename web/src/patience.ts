/** How long a download is waited for, and how often it is tried. */
export interface Patience {
  /** A connection that brings no byte for so long is given up and asked for anew; 15 s unless told. */
  readonly stallMs?: number;
  /** So many tries may follow each other without bringing a byte; 6 unless told. */
  readonly tries?: number;
  /** The wait after the first of them; it doubles from try to try. 0.5 s unless told. */
  readonly backoffMs?: number;
  /** It does not grow beyond this; 16 s unless told. */
  readonly mostBackoffMs?: number;
  /** A server that asks to be left alone (`Retry-After`) is, for so long at most; 120 s unless told. */
  readonly mostRetryAfterMs?: number;
}

export const PATIENCE: Required<Patience> = {
  stallMs: 15_000,
  tries: 6,
  backoffMs: 500,
  mostBackoffMs: 16_000,
  mostRetryAfterMs: 120_000,
};

/**
 * How long to wait before the next try: what the server has asked for, else ever longer, and not all pages at the same
 * moment.
 */
export function waitMs(patience: Required<Patience>, failures: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined) {
    return Math.min(retryAfterMs, patience.mostRetryAfterMs);
  }
  const longest = Math.min(patience.mostBackoffMs, patience.backoffMs * 2 ** Math.max(0, failures - 1));
  return longest * (0.5 + Math.random() / 2);
}

/** What `Retry-After` says, which is seconds or a date. */
export function retryAfterMs(value: string | null, now = Date.now()): number | undefined {
  if (value === null) {
    return undefined;
  }
  const wait = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** Milliseconds as people read them. */
export function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(milliseconds < 9950 ? 1 : 0))} s`;
}

/** A long time as people read it, rounded up: `12 min`, `24 h`, `3 days`. */
export function span(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  const hours = Math.ceil(minutes / 60);
  return minutes <= 120 ? `${minutes} min` : hours <= 48 ? `${hours} h` : `${Math.ceil(hours / 24)} days`;
}

/** Waits; rejected as soon as the caller gives up. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
