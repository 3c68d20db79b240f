import { QuernError } from './errors.js';

/** The names of files that a model was split into, as the tools that split models write them. */
const NAME = /^(.*)-(\d{5})-of-(\d{5})(\.gguf)$/i;

/** The names of all files of a model, in order, of which a name is one; none if it is not the name of a part. */
export function partNames(name: string): readonly string[] {
  const [, stem, number, of, ending] = NAME.exec(name) ?? [];
  const count = Number(of);
  if (number === undefined || count < 2 || Number(number) < 1 || Number(number) > count) {
    return [];
  }
  return Array.from({ length: count }, (_, index) => `${stem}-${String(index + 1).padStart(5, '0')}-of-${of}${ending}`);
}

/** The addresses of all files of a model, in order: this one alone, if its name is not that of a part. */
export function partAddresses(address: URL): readonly URL[] {
  const folder = address.pathname.slice(0, address.pathname.lastIndexOf('/') + 1);
  const names = partNames(address.pathname.slice(folder.length));
  return names.length === 0
    ? [address]
    : names.map((name) => {
        const part = new URL(address);
        part.pathname = folder + name;
        return part;
      });
}

/**
 * The files of one model in order, however they were chosen.
 *
 * @throws QuernError `model` if they are not all the files of one model
 */
export function partsInOrder(files: readonly Blob[]): readonly Blob[] {
  const [first] = files;
  if (!first) {
    throw new QuernError('model', 'No file was chosen.');
  }
  const names = partNames(nameOf(first));
  if (names.length === 0) {
    if (files.length === 1) {
      return files;
    }
    throw new QuernError(
      'model',
      `${files.length} files were chosen, and ${nameOf(first)} is no part of a model: the files of one that was ` +
        `split are called NAME-00001-of-00003.gguf and so on. Choose one model.`,
    );
  }
  const chosen = new Map(files.map((file) => [nameOf(file), file]));
  const missing = names.filter((name) => !chosen.has(name));
  const others = [...chosen.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new QuernError(
      'model',
      `The model was split into ${names.length} files, and ${missing[0]} was not chosen. Choose all of them together.`,
    );
  }
  if (others.length > 0) {
    throw new QuernError('model', `${others[0]} is no part of the model that ${nameOf(first)} belongs to.`);
  }
  return names.flatMap((name) => chosen.get(name) ?? []);
}

function nameOf(file: Blob): string {
  return (file as Partial<File>).name ?? 'The file';
}
