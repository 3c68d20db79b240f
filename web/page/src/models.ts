import { deleteModel, type KeptModel, models, persistStorage, storage, type StorageFacts } from 'quern';
import { button, bytes, count, element, make } from './elements.js';
import { framed } from './panels.js';
import type { Source } from './sources.js';

/** The panel of models: what is kept on this device, what it takes, and how another comes here. */
export class ModelsPanel {
  readonly #list = make('ul', 'models');
  readonly #room = make('div', 'room');
  readonly #open: (source: Source) => void;
  #current: string | undefined;
  #looks = 0;

  /** @param open is called with what the person has chosen */
  constructor(open: (source: Source) => void) {
    this.#open = open;
    framed('models', 'Models').append(
      make('h3', '', 'On this device'),
      this.#list,
      this.#room,
      make('h3', '', 'Another'),
      make(
        'p',
        'muted',
        'A GGUF file is compiled here, for this device; a .quern file is compiled already. Neither is uploaded.',
      ),
      fileChooser(open),
      addressField(open),
    );
  }

  /** The model that is open. */
  set current(address: string | undefined) {
    this.#current = address;
    void this.refresh();
  }

  /** Shows what is kept by now. */
  async refresh(): Promise<void> {
    const look = ++this.#looks;
    const [kept, facts] = await Promise.all([models(), storage()]);
    if (look !== this.#looks) {
      // Who looks later sees what has become of it meanwhile.
      return;
    }
    this.#list.replaceChildren(...kept.map((model) => this.#row(model)));
    if (kept.length === 0) {
      this.#list.append(make('li', 'muted', 'Nothing yet.'));
    }
    this.#room.replaceChildren(...this.#facts(facts));
  }

  #row(model: KeptModel): HTMLElement {
    const row = make('li');
    const facts = make('div');
    const whole = model.kept_bytes >= model.total_bytes;
    const size = whole ? bytes(model.kept_bytes) : `${bytes(model.kept_bytes)} of ${bytes(model.total_bytes)}`;
    const state = model.unfinished ? `${size} packed` : size;
    facts.append(
      make('strong', '', model.name),
      make('span', 'muted', `${count(model.parameters)} parameters, ${model.encoding}, ${state}`),
    );
    const { source } = model;
    const opens = button(model.unfinished ? 'Go on' : 'Open', () =>
      this.#open(
        model.unfinished && source !== undefined
          ? { kind: 'url', address: source }
          : { kind: 'bundle', address: model.address },
      ),
    );
    if (model.unfinished && source === undefined) {
      opens.disabled = true;
      opens.title = 'Open its file again: that goes on where it stopped.';
    }
    if (model.address === this.#current) {
      opens.textContent = 'Is open';
      opens.disabled = true;
    }
    opens.setAttribute('aria-label', `${model.unfinished ? 'Go on with' : 'Open'} ${model.name}`);
    const deletes = button('Delete', () => {
      deletes.disabled = true;
      void deleteModel(model.address).then(() => this.refresh());
    });
    deletes.setAttribute('aria-label', `Delete ${model.name}`);
    row.append(facts, opens, deletes);
    return row;
  }

  #facts({ store, used_bytes, quota_bytes, persisted }: StorageFacts): HTMLElement[] {
    const shown: HTMLElement[] = [];
    if (used_bytes !== undefined && quota_bytes !== undefined) {
      const meter = make('meter');
      meter.max = quota_bytes;
      meter.value = used_bytes;
      meter.setAttribute('aria-label', 'Storage used');
      shown.push(
        meter,
        make('p', 'muted', `${bytes(used_bytes)} of ${bytes(quota_bytes)} that the browser gives this page`),
      );
    }
    if (store === 'memory') {
      shown.push(
        make(
          'p',
          'muted',
          'The browser lets this page keep nothing. A model is kept in memory only, until the page is closed.',
        ),
      );
    } else if (persisted) {
      shown.push(make('p', 'muted', 'Stays until you delete it.'));
    } else {
      const note = make('p', 'muted', 'The browser may clear it when the disk is full. ');
      note.append(
        button(
          'Ask it not to',
          () => {
            void persistStorage().then((agreed) => {
              if (agreed) {
                void this.refresh();
              } else {
                note.textContent = 'The browser may clear it when the disk is full, and wants to decide that itself.';
              }
            });
          },
          'link',
        ),
      );
      shown.push(note);
    }
    return shown;
  }
}

/** A button that asks for a model file, or for all the files of a model that was split. */
export function fileChooser(open: (source: Source) => void): HTMLElement {
  const field = make('input');
  field.type = 'file';
  field.accept = '.gguf,.quern';
  field.multiple = true;
  field.hidden = true;
  field.setAttribute('aria-label', 'Model file');
  field.addEventListener('change', () => {
    const files = [...(field.files ?? [])];
    field.value = '';
    if (files.length > 0) {
      open({ kind: 'files', files });
    }
  });
  const holder = make('span');
  holder.append(
    button('Choose a GGUF file …', () => field.click()),
    field,
  );
  return holder;
}

/** A field for the address of a model file, or of a bundle's folder. */
export function addressField(open: (source: Source) => void): HTMLElement {
  const form = make('form', 'address');
  const field = make('input');
  field.type = 'url';
  field.required = true;
  field.placeholder = 'https://…/model.gguf';
  field.setAttribute('aria-label', 'Address of a GGUF file');
  const opens = make('button', '', 'Open');
  opens.setAttribute('aria-label', 'Open the address');
  form.append(field, opens);
  // The Enter key presses the button, too. A sandboxed frame may submit no form, so it does not come to that.
  opens.addEventListener('click', (event) => {
    event.preventDefault();
    if (!form.reportValidity()) {
      return;
    }
    const address = field.value.trim();
    open(/\.gguf([?#]|$)/i.test(address) ? { kind: 'url', address } : { kind: 'bundle', address });
  });
  return form;
}

/** Has files that are dropped anywhere on the page opened. */
export function dropping(open: (source: Source) => void): void {
  const cover = element('drop', HTMLElement);
  const carries = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', (event) => {
    if (carries(event)) {
      event.preventDefault();
      cover.hidden = false;
    }
  });
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) {
      cover.hidden = true;
    }
  });
  addEventListener('drop', (event) => {
    cover.hidden = true;
    if (!carries(event)) {
      return;
    }
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) {
      open({ kind: 'files', files });
    }
  });
}
