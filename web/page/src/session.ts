import { type OpenedBundle, checkSupport, type Engine, models, persistStorage, type Progress, QuernError, storage } from 'quern';
import { showAddress } from '../../dist/site-data.js';
import { Conversation } from './conversation.js';
import { button, element } from './elements.js';
import { showInside } from './inside.js';
import { addressField, fileChooser, ModelsPanel } from './models.js';
import { closePanels } from './panels.js';
import type { Settings } from './settings.js';
import { nameOf, openSource, type Source } from './sources.js';
import { Start } from './start.js';

/** More than this is not fetched from another machine without asking. */
const ASKED_BYTES = 25e6;

/** Where a bundle lies that comes with the page. */
export const BESIDE = './bundle/';

const OPENINGS = [
  'Why is the sky blue?',
  'Write a short poem about rain.',
  'Explain computers to a child.',
];

/** The model that is open and the conversation with it: what happens when another is opened, and what is shown meanwhile. */
export class Session {
  readonly #start = new Start();
  readonly #conversation: Conversation;
  readonly #models = new ModelsPanel((source) => {
    closePanels();
    void this.open(source);
  });
  readonly #name = element('model', HTMLElement);
  readonly #insides = element('open-inside', HTMLButtonElement);
  readonly #fresh = element('new-chat', HTMLButtonElement);
  readonly #footnote = element('footnote', HTMLElement);
  #promise = this.#footnote.textContent ?? '';
  readonly #settings: Settings;
  #bundle: OpenedBundle | undefined;
  #engine: Engine | undefined;
  #opening = new AbortController();
  #persisted: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#conversation = new Conversation(settings, () => this.#begin());
    this.#fresh.addEventListener('click', () => {
      this.#renew();
      this.#conversation.focus();
    });
    void storage().then(({ store }) => {
      if (store === 'memory') {
        this.#remark('The browser lets this page keep nothing: the model is kept in memory only.');
      }
    });
    addEventListener('pagehide', () => void this.#engine?.unload());
  }

  /** Says something that is so as long as the page is open. */
  #remark(text: string): void {
    this.#promise = `${this.#promise} ${text}`;
    this.#footnote.textContent = this.#promise;
  }

  /** Shows what there is by now. */
  refresh(): void {
    void this.#models.refresh();
  }

  /** Opens a model in place of the one that is open. */
  async open(source: Source): Promise<void> {
    this.#opening.abort();
    const opening = new AbortController();
    this.#opening = opening;
    await this.#close();
    this.#name.textContent = nameOf(source);
    this.#start.wait(`${source.kind === 'bundle' ? 'Opening' : 'Compiling'} ${nameOf(source)}`);
    try {
      const support = await checkSupport();
      if (opening.signal.aborted) {
        return;
      }
      if (!support.ok) {
        this.#start.refuse(support);
        return;
      }
      const onProgress = (progress: Progress) => opening.signal.aborted || this.#progress(progress);
      const options = { signal: opening.signal, onProgress, cache: this.#settings.values.cache };
      const bundle = await openSource(source, options, () =>
        this.#remark('The browser starts no worker for this page, so the page may falter while the model works.'),
      );
      if (opening.signal.aborted) {
        return;
      }
      this.#bundle = bundle;
      this.#show(bundle);
      const missing = await bytesToFetch(bundle);
      if (missing > ASKED_BYTES && !isThisMachine(source)) {
        this.#start.offer(bundle, missing, () => void this.#load(source, bundle, opening.signal));
      } else {
        await this.#load(source, bundle, opening.signal);
      }
    } catch (problem) {
      this.#fail(source, problem, opening.signal);
    }
  }

  /** Says that there is no model, and asks for one. */
  choose(): void {
    const open = (source: Source) => void this.open(source);
    this.#start.choose([fileChooser(open), addressField(open)]);
  }

  /** Says what is wrong with what the person did. */
  refuse(problem: string): void {
    if (!this.#engine) {
      this.#start.fail('That did not work', problem, []);
    }
  }

  async #load(source: Source, bundle: OpenedBundle, signal: AbortSignal): Promise<void> {
    try {
      this.#engine = await bundle.load({ signal, onProgress: (progress) => this.#progress(progress) });
      this.#conversation.use(this.#engine);
      this.#fresh.disabled = false;
      this.#renew();
      remember(bundle.address);
      this.#models.current = bundle.address;
    } catch (problem) {
      this.#fail(source, problem, signal);
    }
  }

  #progress(progress: Progress): void {
    if (this.#engine) {
      // The device was lost in the middle of a conversation, and everything is brought to another.
      const { phase, loaded, total, text } = progress;
      this.#footnote.textContent = phase === 'recover' && loaded === total ? this.#promise : `One moment: ${text}.`;
    } else if (this.#bundle) {
      this.#start.progress(this.#bundle, progress);
    } else {
      this.#start.wait(`Opening ${this.#name.textContent ?? ''}`, progress.text);
    }
  }

  #show(bundle: OpenedBundle): void {
    document.title = `${bundle.model.name} – Quern`;
    this.#name.textContent = bundle.model.name;
    const inside = element('inside', HTMLElement);
    inside.replaceChildren();
    showInside(inside, bundle);
    this.#insides.disabled = false;
    this.#models.current = bundle.address;
  }

  #begin(): void {
    this.#start.hide();
    // Some browsers ask the person, who has just shown that the model is wanted.
    this.#persisted ??= persistStorage().then(() => this.refresh());
  }

  #renew(): void {
    this.#conversation.clear();
    if (this.#bundle) {
      this.#start.ready(this.#bundle, OPENINGS, (text) => this.#conversation.say(text));
    }
  }

  #fail(source: Source, problem: unknown, signal: AbortSignal): void {
    if (signal.aborted) {
      return;
    }
    const kind = problem instanceof QuernError ? problem.kind : 'internal';
    const again = button(kind === 'network' ? 'Go on' : 'Try again', () => void this.open(source), 'primary');
    const other = button('Another model …', () => element('open-models', HTMLButtonElement).click());
    const name = this.#bundle?.model.name ?? nameOf(source);
    this.#start.fail(`Cannot open ${name}`, problem, [again, other]);
    this.refresh();
  }

  async #close(): Promise<void> {
    this.#conversation.use(undefined);
    this.#conversation.clear();
    this.#insides.disabled = true;
    this.#fresh.disabled = true;
    const engine = this.#engine;
    this.#engine = undefined;
    this.#bundle = undefined;
    await engine?.unload();
  }
}

/** Bytes of a model that are not on this device yet, about. */
async function bytesToFetch(bundle: OpenedBundle): Promise<number> {
  const known = (await models()).find((model) => model.address === bundle.address);
  return known ? known.total_bytes - known.kept_bytes : bundle.memoryPlan().memory.weight_bytes;
}

/** Whether reading it costs no one anything. */
function isThisMachine(source: Source): boolean {
  if (source.kind === 'file') {
    return true;
  }
  const { protocol, hostname } = new URL(source.address, document.baseURI);
  return !protocol.startsWith('http') || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** Reloading opens the same model. */
function remember(address: string): void {
  const here = new URL(location.href);
  here.searchParams.delete('bundle');
  if (address !== new URL(BESIDE, document.baseURI).href) {
    here.searchParams.set('bundle', address);
  }
  showAddress(here);
}
