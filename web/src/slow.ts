import type { Target } from './module.js';
import { ACCELERATION } from './support.js';

/** Something that makes a model slower here than it need be, and what can be done about it. */
export interface SlowPath {
  /**
   * The browser computes on the processor; the plan was made for another kind of device; the engine runs as JavaScript
   * instead of WebAssembly.
   */
  readonly kind: 'software-device' | 'plan' | 'javascript';
  /** What it is, in one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
}

/** The profile whose kernels are for graphics devices, whatever they can do. */
const FOR_ANY_DEVICE = 'portable';

/**
 * What is slow about a model on a device; nothing as a rule.
 *
 * @param profile what its plan was made for
 * @param target what the engine runs as
 * @param asked what the caller wanted it to run as
 */
export function slowPaths(
  device: GPUAdapterInfo,
  profile: string,
  target: Target,
  asked: Target | undefined,
): SlowPath[] {
  const slow: SlowPath[] = [];
  if (device.isFallbackAdapter) {
    const message = 'The model runs on the processor, which is slow: the browser uses no graphics device.';
    slow.push({ kind: 'software-device', message, advice: ACCELERATION });
    if (profile === FOR_ANY_DEVICE) {
      slow.push({
        kind: 'plan',
        message: 'Its kernels were made for graphics devices, which makes it slower still.',
        advice:
          'Compile the model for browsers (quern compile MODEL --for web), or open the GGUF file itself here: ' +
          'then the kernels are made for this device.',
      });
    }
  }
  if (target === 'javascript') {
    slow.push({
      kind: 'javascript',
      message:
        'The engine runs as JavaScript, so prompts and templates take several times longer; kernels are as fast.',
      advice:
        asked === 'javascript'
          ? "WebAssembly needs no more than “script-src 'unsafe-eval'” in the page’s Content Security Policy."
          : 'Update the browser: its WebAssembly has no garbage collection.',
    });
  }
  return slow;
}
