import { type Bundle, type BundleOptions, openBundle, type Progress } from 'quern';

/** What a person has asked for: a compiled model by the address of its folder, or a model file. */
export type Source =
  | { readonly kind: 'bundle'; readonly address: string }
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'url'; readonly address: string };

/** What people call it. */
export function nameOf(source: Source): string {
  return source.kind === 'file' ? source.file.name : (source.address.replace(/\/+$/, '').split('/').at(-1) ?? source.address);
}

/** Opens it; no weight is fetched. */
export function openSource(source: Source, _progress: (progress: Progress) => void, options: BundleOptions): Promise<Bundle> {
  switch (source.kind) {
    case 'bundle':
      return openBundle(source.address, options);
    case 'file':
    case 'url':
      throw new Error('not here yet');
  }
}
