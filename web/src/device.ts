import { QuernError } from './errors.js';

/** An open device and what is known of it. */
export interface OpenDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
}

/**
 * Opens the device that the browser prefers, with all that it offers: kernels were compiled for limits, and those are what counts.
 *
 * @throws QuernError `no_webgpu` or `no_device`
 */
export async function openDevice(): Promise<OpenDevice> {
  if (!navigator.gpu) {
    throw new QuernError(
      'no_webgpu',
      'This browser has no WebGPU here. It takes a current Chrome, Edge, Safari or Firefox, and a page from https or localhost.',
    );
  }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new QuernError(
      'no_device',
      'This browser has WebGPU but found no device for it. Update the graphics driver, or see the browser’s page on graphics (chrome://gpu).',
    );
  }
  const limits: Record<string, number> = {};
  for (const name of [
    'maxBufferSize',
    'maxStorageBufferBindingSize',
    'maxComputeInvocationsPerWorkgroup',
    'maxComputeWorkgroupSizeX',
    'maxComputeWorkgroupStorageSize',
    'maxTextureDimension2D',
  ] as const) {
    limits[name] = adapter.limits[name];
  }
  const wanted: GPUFeatureName[] = ['subgroups', 'shader-f16'];
  const device = await adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: limits,
  });
  return { device, info: adapter.info };
}
