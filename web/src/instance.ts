import { openDevice, type OpenDevice } from './device.js';
import { QuernError } from './errors.js';
import type { BundleFiles } from './files.js';
import { type EngineHost, type EngineModule, targetOf } from './module.js';
import { type SlowPath, slowPaths } from './slow.js';
import type { BundleOptions, ModelFacts, Progress } from './types.js';

/** So often loading begins again after the device was lost. */
const MOST_LOSSES = 2;

/** After a loss a browser may have no device for a moment. */
const WAITS_MS = [0, 500, 2000];

/** The module with the device that it uses. A device may be lost at any time; then another is opened in its place. */
export class Instance {
  readonly module: EngineModule;
  readonly #files: BundleFiles;
  readonly #options: BundleOptions;
  #profile: string;
  #opened: OpenDevice | undefined;
  #lost = false;
  #chatProblem: string | undefined;
  #closed = false;

  constructor(module: EngineModule, files: BundleFiles, options: BundleOptions) {
    this.module = module;
    this.#files = files;
    this.#options = options;
    this.#profile = options.profile ?? '';
  }

  /** The device that is, or was last, open. */
  get opened(): OpenDevice {
    if (!this.#opened) {
      throw new QuernError('internal', 'No device is open.');
    }
    return this.#opened;
  }

  /** What makes the model slower here than it need be. */
  get slow(): readonly SlowPath[] {
    const { target } = this.#options;
    return slowPaths(this.opened.info, this.#profile, targetOf(target), target);
  }

  /** Why chats cannot be put to the model that is loaded; undefined where they can. */
  get chatProblem(): string | undefined {
    return this.#chatProblem;
  }

  /** Opens a device and the bundle on it; no weight is fetched. */
  async open(): Promise<ModelFacts> {
    const opened = this.#opened ? await patiently(openDevice) : await openDevice();
    this.#opened = opened;
    this.#lost = false;
    opened.device.addEventListener('uncapturederror', (event) => {
      if (this.#opened === opened) {
        const kind = event.error instanceof GPUOutOfMemoryError ? 'out_of_memory' : 'validation';
        this.module.refused(kind, event.error.message);
      }
    });
    void opened.device.lost.then((loss) => {
      if (this.#opened === opened && !this.#closed) {
        this.#lost = true;
        this.module.refused('device_lost', `The device is lost: ${loss.message || loss.reason}`);
      }
    });
    this.#options.onDevice?.(opened.device);
    const host: EngineHost = {
      name: this.#files.name,
      device: opened.device,
      adapter: opened.info,
      has: (name) => this.#files.has(name),
      size: (name) => this.#files.size(name),
      read: (name) => this.#files.read(name),
      progress: (phase, loaded, total) => this.#files.progress(phase as Progress['phase'], loaded, total),
    };
    const model = JSON.parse(await this.module.open(host, this.#profile)) as ModelFacts;
    // A device that is opened later must do with the same plan.
    this.#profile = model.profile;
    return model;
  }

  /** Brings the bundle that was opened to the device, from the beginning on another where it is lost on the way. */
  async load(): Promise<void> {
    for (let losses = 0; ; losses++) {
      try {
        if (this.#lost) {
          await this.open();
        }
        this.#files.rewind();
        this.#chatProblem = (JSON.parse(await this.module.load()) as { chat_problem?: string }).chat_problem;
        return;
      } catch (problem) {
        if (losses === MOST_LOSSES || !(await this.isLost())) {
          throw problem;
        }
      }
    }
  }

  /** Whether the device is lost. What went wrong on a lost device may be seen a little before its loss. */
  async isLost(): Promise<boolean> {
    if (!this.#lost && this.#opened) {
      await Promise.race([this.#opened.device.lost, delay(100)]);
    }
    return this.#lost;
  }

  /** Whether the loss of the device has been seen. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Frees everything. */
  close(): void {
    this.#closed = true;
    this.module.close();
    this.#opened?.device.destroy();
  }
}

async function patiently(open: () => Promise<OpenDevice>): Promise<OpenDevice> {
  let refusal: unknown;
  for (const wait of WAITS_MS) {
    await delay(wait);
    try {
      return await open();
    } catch (problem) {
      refusal = problem;
    }
  }
  throw refusal;
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
