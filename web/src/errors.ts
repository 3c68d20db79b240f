/** What went wrong, in a word that a program can compare. */
export type QuernErrorKind =
  | 'no_webgpu'
  | 'no_device'
  | 'out_of_memory'
  | 'device_lost'
  | 'worker_lost'
  | 'validation'
  | 'bundle'
  | 'model'
  | 'network'
  | 'quota'
  | 'prompt'
  | 'arithmetic'
  | 'request'
  | 'chat'
  | 'aborted'
  | 'internal';

/** Every error of this package; its message is written for people and says what to do. */
export class QuernError extends Error {
  readonly kind: QuernErrorKind;

  constructor(kind: QuernErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'QuernError';
    this.kind = kind;
  }
}

/** The error that JavaScript or the engine threw, as one of ours. */
export function asQuernError(thrown: unknown): QuernError {
  if (thrown instanceof QuernError) {
    return thrown;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof DOMException && thrown.name === 'AbortError') {
    return new QuernError('aborted', 'It was aborted.', { cause: thrown });
  }
  const kind = (thrown as { kind?: QuernErrorKind } | null)?.kind;
  return new QuernError(kind ?? 'internal', message, { cause: thrown });
}
