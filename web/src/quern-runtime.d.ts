/** TeaVM's runtime, which the build puts beside the package's own files. */
export function load(url: string): Promise<{ readonly exports: unknown }>;
