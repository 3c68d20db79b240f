/** TeaVM's runtime, which the build puts beside the package's own files. */
export function load(module: string | BufferSource): Promise<{ readonly exports: unknown }>;
