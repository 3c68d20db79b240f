import { QuernError } from './errors.js';
import { findAdapter } from './support.js';
import type { DeviceFacts } from './types.js';

/** An open device and what is known of it. */
export interface OpenDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
}

/** The limits that models are compiled for. */
export const COMPILED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupStorageSize',
  'maxTextureDimension2D',
  'maxComputeWorkgroupsPerDimension',
] as const;

/**
 * Opens the device that the browser prefers, with all that it offers: kernels were compiled for limits, and those are
 * what counts.
 *
 * @throws QuernError `no_webgpu` or `no_device`
 */
export async function openDevice(): Promise<OpenDevice> {
  const found = await findAdapter();
  if (!('adapter' in found)) {
    throw new QuernError(found.kind, `${found.message} ${found.advice}`);
  }
  const { adapter } = found;
  const limits: Record<string, number> = {};
  for (const name of [...COMPILED_LIMITS, 'maxComputeWorkgroupSizeX'] as const) {
    limits[name] = adapter.limits[name];
  }
  const wanted: GPUFeatureName[] = ['subgroups', 'shader-f16'];
  const device = await adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: limits,
  });
  return { device, info: adapter.info };
}

/** What a device is and can do, as plain data. */
export function describeDevice({ device, info }: OpenDevice): DeviceFacts {
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
