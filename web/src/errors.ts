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

/** The numbers of a prompt that is longer than what the model has room for. */
export interface TooLong {
  readonly prompt_tokens: number;
  /** Tokens that there is room for, the answer among them. */
  readonly context_length: number;
}

/** Every error of this package; its message is written for people and says what to do. */
export class QuernError extends Error {
  readonly kind: QuernErrorKind;
  /** Where the kind is `prompt` and the prompt was too long: by how much. */
  readonly tooLong?: TooLong;

  constructor(
    kind: QuernErrorKind,
    message: string,
    options: ErrorOptions & { readonly tooLong?: TooLong | undefined } = {},
  ) {
    super(message, options);
    this.name = 'QuernError';
    this.kind = kind;
    if (options.tooLong) {
      this.tooLong = options.tooLong;
    }
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
  const { kind, details } = (thrown ?? {}) as { kind?: QuernErrorKind; details?: string };
  const tooLong = details ? (JSON.parse(details) as TooLong) : undefined;
  return new QuernError(kind ?? 'internal', message, { cause: thrown, tooLong });
}
