/** Whether this browser can run models, and if not, why and what to do. */
export type Support =
  | {
      readonly ok: true;
      /** The device, for people. */
      readonly device: string;
      /** Whether the browser computes on the processor instead of a graphics device: it works, slowly. */
      readonly fallback: boolean;
    }
  | {
      readonly ok: false;
      readonly kind: 'no_webgpu' | 'no_device';
      /** What is missing, in one sentence. */
      readonly message: string;
      /** What to do about it. */
      readonly advice: string;
    };

/** What may bring a graphics device. */
export const ACCELERATION =
  'Turn on hardware acceleration in the browser’s settings and update the graphics driver; ' +
  'chrome://gpu (about:support in Firefox) tells what the browser found.';

/** Asks the browser for a device without opening it; nothing is loaded. */
export async function checkSupport(): Promise<Support> {
  const found = await findAdapter();
  if (!('adapter' in found)) {
    return found;
  }
  const { info } = found.adapter;
  return {
    ok: true,
    device: info.description || `${info.vendor} ${info.architecture}`.trim() || 'a device without a name',
    fallback: info.isFallbackAdapter ?? false,
  };
}

/** The adapter that the browser prefers, or why there is none. */
export async function findAdapter(): Promise<{ readonly adapter: GPUAdapter } | Extract<Support, { ok: false }>> {
  if (!globalThis.isSecureContext) {
    return {
      ok: false,
      kind: 'no_webgpu',
      message: `Browsers offer WebGPU only to pages that come safely, and this one comes from ${location.origin}.`,
      advice: 'Open the page by https, or from localhost.',
    };
  }
  if (!navigator.gpu) {
    return {
      ok: false,
      kind: 'no_webgpu',
      message: 'This browser has no WebGPU here.',
      advice: withoutWebGpu(navigator.userAgent),
    };
  }
  // Right after a device was lost a browser may have none for a moment; who recovers asks again.
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) {
    return {
      ok: false,
      kind: 'no_device',
      message: 'This browser has WebGPU but found no graphics device for it.',
      advice: `${ACCELERATION} Restart the browser if it worked before.`,
    };
  }
  return { adapter };
}

/** What to do, by browser: who has an old one updates it, who has switched it off switches it on. */
function withoutWebGpu(agent: string): string {
  const other = ' Current versions of Chrome, Edge, Safari and Firefox have it on most systems.';
  if (/Firefox\//.test(agent)) {
    return `Update Firefox, or set dom.webgpu.enabled in about:config.${other}`;
  }
  if (/Chrome\//.test(agent)) {
    return /Linux/.test(agent) && !/Android/.test(agent)
      ? `Update the browser, or turn on “Unsafe WebGPU Support” and “Vulkan” in chrome://flags.${other}`
      : `Update the browser.${other}`;
  }
  if (/Safari\//.test(agent)) {
    return `WebGPU came with Safari 26: update the system.${other}`;
  }
  return `Use another browser.${other}`;
}
