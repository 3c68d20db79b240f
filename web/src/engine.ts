import { openDevice, type OpenDevice } from './device.js';
import { forget, readFile, type RemoteFile } from './download.js';
import { asQuernError, QuernError } from './errors.js';
import { instantiate, type EngineHost, type EngineModule } from './module.js';
import { openPartStore, type PartStore } from './parts.js';
import { Stream } from './stream.js';
import type {
  Completion,
  CompletionChunk,
  CompletionRequest,
  DeviceFacts,
  EngineOptions,
  FinishReason,
  ModelFacts,
  Usage,
} from './types.js';

const MANIFEST = 'manifest.json';
const DEFAULT_MAX_TOKENS = 256;

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

/**
 * Loads a bundle and makes it ready to run.
 *
 * @param source the address of a bundle's folder, absolute or relative to the page
 * @throws QuernError with a kind and a message for people
 */
export async function createEngine(source: string | URL, options: EngineOptions = {}): Promise<Engine> {
  const base = new URL(String(source).replace(/\/?$/, '/'), document.baseURI);
  try {
    const [module, opened, store, manifest] = await Promise.all([
      instantiate(),
      openDevice(),
      openPartStore(),
      fetchManifest(base, options.signal),
    ]);
    return await load(module, opened, store, base, manifest, options);
  } catch (problem) {
    options.signal?.throwIfAborted();
    throw asQuernError(problem);
  }
}

async function fetchManifest(base: URL, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(MANIFEST, base);
  const response = await fetch(url, signal ? { signal } : {}).catch((problem: unknown) => {
    throw new QuernError('network', `${url.href} cannot be fetched: ${(problem as Error).message}`, { cause: problem });
  });
  if (!response.ok) {
    throw new QuernError('network', `${url.href} cannot be fetched: the server answered ${response.status}.`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

async function load(
  module: EngineModule,
  opened: OpenDevice,
  store: PartStore,
  base: URL,
  manifest: Uint8Array<ArrayBuffer>,
  options: EngineOptions,
): Promise<Engine> {
  const files = new Map<string, RemoteFile>();
  for (const file of listed(manifest, base)) {
    files.set(file.name, { url: new URL(file.name, base).href, bytes: file.bytes, sha256: file.sha256 });
  }
  const host: EngineHost = {
    name: base.href,
    device: opened.device,
    adapter: opened.info,
    has: (name) => name === MANIFEST || files.has(name),
    size: (name) => (name === MANIFEST ? manifest.byteLength : (files.get(name)?.bytes ?? -1)),
    read: async (name) => {
      const file = files.get(name);
      if (!file) {
        return manifest;
      }
      const bytes = await readFile(store, file, () => undefined, options.signal);
      if (!(await matches(bytes, file.sha256))) {
        // The engine refuses it; the next attempt is to fetch it again.
        await forget(store, file);
      }
      return bytes;
    },
    progress: (phase, loaded, total) =>
      options.onProgress?.({
        phase: phase as 'weights' | 'pipelines',
        loaded,
        total,
        text:
          phase === 'weights'
            ? `weights: ${megabytes(loaded)} of ${megabytes(total)} MB`
            : `kernels: ${loaded} of ${total}`,
      }),
  };
  opened.device.addEventListener('uncapturederror', (event) => {
    const kind = event.error instanceof GPUOutOfMemoryError ? 'out_of_memory' : 'validation';
    module.refused(kind, event.error.message);
  });
  void opened.device.lost.then((loss) => module.refused('device_lost', `The device is lost: ${loss.message}`));
  try {
    return new Engine(module, opened, JSON.parse(await module.load(host, options.profile ?? '')) as ModelFacts);
  } catch (problem) {
    opened.device.destroy();
    throw problem;
  }
}

function listed(manifest: Uint8Array, base: URL): Array<{ name: string; bytes: number; sha256: string }> {
  try {
    const parsed = JSON.parse(new TextDecoder().decode(manifest)) as {
      files: Array<{ name: string; bytes: number; sha256: string }>;
    };
    return parsed.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
  } catch (problem) {
    throw new QuernError('bundle', `${base.href} is not a bundle: its ${MANIFEST} is not readable.`, {
      cause: problem,
    });
  }
}

async function matches(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<boolean> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
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
    const id = `cmpl-${++this.#requests}`;
    const created = Math.floor(Date.now() / 1000);
    const head = { id, object: 'text_completion' as const, created, model: this.model.name };
    if (!request.stream) {
      return this.#run(request, () => undefined).then((answer) => ({
        ...head,
        choices: [{ index: 0, text: answer.text, finish_reason: finishReason(answer) }],
        usage: usage(answer),
        tokens: answer.tokens,
      }));
    }
    const stream = new Stream<CompletionChunk>(() => this.interrupt());
    this.#run(request, (text) => stream.give({ ...head, choices: [{ index: 0, text, finish_reason: null }] })).then(
      (answer) => {
        stream.give({
          ...head,
          choices: [{ index: 0, text: '', finish_reason: finishReason(answer) }],
          usage: usage(answer),
        });
        stream.end();
      },
      (problem: unknown) => stream.fail(problem),
    );
    return stream;
  }

  /** Waits for its turn, then generates. */
  #run(request: CompletionRequest, text: (more: string) => void): Promise<Answer> {
    const turn = this.#last.catch(() => undefined).then(() => this.#generate(request, text));
    this.#last = turn;
    return turn;
  }

  async #generate(request: CompletionRequest, text: (more: string) => void): Promise<Answer> {
    if (this.#closed) {
      throw new QuernError('request', 'The engine is unloaded; create another.');
    }
    request.signal?.throwIfAborted();
    const stop = request.stop === undefined ? [] : typeof request.stop === 'string' ? [request.stop] : request.stop;
    const wanted = {
      ...(typeof request.prompt === 'string' ? { prompt: request.prompt } : { tokens: request.prompt }),
      max_tokens: request.max_tokens ?? DEFAULT_MAX_TOKENS,
      temperature: request.temperature ?? 0,
      top_p: request.top_p ?? 1,
      top_k: request.top_k ?? 0,
      min_p: request.min_p ?? 0,
      seed: request.seed ?? 0,
      stop,
    };
    const abort = () => this.#module.interrupt();
    request.signal?.addEventListener('abort', abort);
    try {
      return JSON.parse(await this.#module.generate(JSON.stringify(wanted), text)) as Answer;
    } catch (problem) {
      throw asQuernError(problem);
    } finally {
      request.signal?.removeEventListener('abort', abort);
    }
  }
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
