import {
  checkSupport,
  type Engine,
  type OpenedBundle,
  persistStorage,
  type Progress,
  QuernError,
  storage,
} from 'quern';
import { Card } from './card.js';
import { keptChat, type Mode, type SavedChat } from './chats.js';
import { ChatsPanel } from './chats-panel.js';
import { Conversation } from './conversation.js';
import { button, element } from './elements.js';
import { Footnote } from './footnote.js';
import { showInside } from './inside.js';
import { addressField, fileChooser, ModelsPanel } from './models.js';
import { openingsFor } from './openings.js';
import { closePanels, framed } from './panels.js';
import { showChat, showModel } from './places.js';
import type { Settings } from './settings.js';
import { bytesToFetch, isCompiled, isThisMachine, nameOf, type Opened, openSource, type Source } from './sources.js';

/** More than this is not fetched from another machine without asking. */
const ASKED_BYTES = 25e6;

/**
 * Two models may have so much of the device's memory at once: else the first is let go before the weights of the second
 * come.
 */
const TOGETHER_BYTES = 2e9;

/** What is open. */
interface Current {
  readonly bundle: OpenedBundle;
  readonly engine: Engine;
}

/**
 * The model that is open and the conversation with it: what happens when another is opened, and what is shown
 * meanwhile.
 */
export class Session {
  readonly #start = new Card('start');
  /** Where there is a model or a conversation already, opening another is told beside it. */
  readonly #next = new Card('next');
  readonly #conversation: Conversation;
  readonly #models: ModelsPanel;
  readonly #chats: ChatsPanel;
  readonly #inside = framed('inside', 'Inside the model');
  readonly #name = element('model', HTMLElement);
  readonly #insides = element('open-inside', HTMLButtonElement);
  readonly #fresh = element('new-chat', HTMLButtonElement);
  readonly #footnote = new Footnote();
  readonly #settings: Settings;
  #current: Current | undefined;
  /** Whether any model was open: with another, another conversation begins. */
  #had = false;
  #opening = new AbortController();
  /** What tells how far the model is that is being opened, as long as one is. */
  #telling: Card | undefined;
  #persisted: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    const open = (source: Source) => {
      closePanels();
      void this.open(source);
    };
    this.#models = new ModelsPanel(open);
    this.#conversation = new Conversation(settings, {
      begun: () => this.#begun(),
      named: (id) => {
        showChat(id);
        void this.#chats.refresh();
      },
      kept: () => void this.#chats.refresh(),
    });
    this.#chats = new ChatsPanel({
      open: (chat) => {
        closePanels();
        this.#show(chat);
      },
      forget: async () => {
        await this.#conversation.forget();
        this.#renew(this.#mode());
      },
      current: () => this.#conversation.id,
    });
    this.#fresh.addEventListener('click', () => {
      this.#renew(this.#mode());
      this.#conversation.focus();
    });
    void storage().then(({ store }) => {
      if (store === 'memory') {
        this.#footnote.remark(
          'The browser lets this page keep nothing: the model and the chats are kept in memory only.',
        );
      }
    });
    addEventListener('pagehide', () => {
      this.#conversation.end();
      void this.#current?.engine.unload();
    });
    // A page that the browser had put aside has no model any more.
    addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  }

  /** Shows what there is by now. */
  refresh(): void {
    void this.#models.refresh();
    void this.#chats.refresh();
  }

  /** Shows a conversation that is kept, whether or not a model is open. */
  async restore(id: string): Promise<void> {
    const chat = await keptChat(id);
    if (chat) {
      this.#show(chat);
    } else {
      showChat(undefined);
    }
  }

  /** Opens a model. The one that is open stays until the other is there: if that fails, nothing has changed. */
  async open(source: Source): Promise<void> {
    this.#opening.abort();
    const opening = new AbortController();
    this.#opening = opening;
    const { signal } = opening;
    const card = this.#card();
    this.#telling = card;
    if (!this.#current) {
      this.#name.textContent = nameOf(source);
    }
    const name = nameOf(source);
    card.wait(`${isCompiled(source) ? 'Opening' : 'Compiling'} ${name}`, '', this.#cancelling(card, opening));
    try {
      const support = await checkSupport();
      if (signal.aborted) {
        return;
      }
      if (!support.ok) {
        card.refuse(support, this.#dismissing(card));
        return;
      }
      let opened: Opened | undefined;
      const onProgress = (progress: Progress) => {
        if (!signal.aborted) {
          opened ? card.progress(opened.bundle, progress) : card.waiting(progress.text);
        }
      };
      const options = { signal, onProgress, cache: this.#settings.values.cache };
      opened = await openSource(source, options, () =>
        this.#footnote.remark(
          'The browser starts no worker for this page, so the page may falter while the model works.',
        ),
      );
      const { bundle, discard } = opened;
      signal.addEventListener('abort', discard);
      if (signal.aborted) {
        discard();
        return;
      }
      const missing = await bytesToFetch(bundle);
      const load = () => this.#load(source, bundle, card, opening);
      if (missing > ASKED_BYTES && !isThisMachine(source)) {
        card.offer(bundle, missing, () => void load(), this.#cancelling(card, opening));
        this.#describe(bundle, false);
      } else {
        await load();
      }
    } catch (problem) {
      this.#fail(source, name, problem, card, signal);
    }
  }

  /** Says that there is no model, and asks for one. */
  choose(): void {
    const open = (source: Source) => void this.open(source);
    this.#card().choose([fileChooser(open), addressField(open)]);
  }

  async #load(source: Source, bundle: OpenedBundle, card: Card, opening: AbortController): Promise<void> {
    const { signal } = opening;
    const { name } = bundle.model;
    const before = this.#current;
    card.wait(`Loading ${name}`, '', this.#cancelling(card, opening));
    try {
      const together = (before?.bundle.memoryPlan().memory.total_bytes ?? 0) + bundle.memoryPlan().memory.total_bytes;
      if (before && together > TOGETHER_BYTES) {
        await this.#close();
      }
      let engine: Engine | undefined;
      const onProgress = (progress: Progress) =>
        engine ? this.#footnote.recovering(progress) : signal.aborted || card.progress(bundle, progress);
      engine = await bundle.load({ signal, onProgress });
      if (signal.aborted) {
        await engine.unload();
        return;
      }
      void this.#current?.engine.unload();
      // Opening another ends what is being opened, and this is no longer.
      this.#opening = new AbortController();
      this.#take({ bundle, engine });
    } catch (problem) {
      this.#fail(source, name, problem, card, signal, before);
    }
  }

  /** From now on this is the model. */
  #take(current: Current): void {
    this.#current = current;
    this.#telling = undefined;
    this.#next.hide();
    this.#settings.advise(current.engine.model.sampling);
    this.#conversation.use(current.engine);
    this.#describe(current.bundle, true);
    this.#footnote.slow = current.engine.slow;
    this.#fresh.disabled = false;
    showModel(current.bundle.address);
    this.#models.current = current.bundle.address;
    if (this.#had || this.#conversation.isEmpty) {
      this.#renew(this.#mode());
    }
    this.#had = true;
  }

  /** Shows what a model is, unless another is open that stays. */
  #describe(bundle: OpenedBundle, open: boolean): void {
    if (open || !this.#current) {
      document.title = `${bundle.model.name} – Quern`;
      this.#name.textContent = bundle.model.name;
      showInside(this.#inside, bundle);
      this.#insides.disabled = false;
    }
  }

  #begun(): void {
    this.#start.hide();
    // Some browsers ask the person, who has just shown that the model is wanted.
    this.#persisted ??= persistStorage().then(() => this.refresh());
  }

  #show(chat: SavedChat): void {
    this.#conversation.restore(chat);
    if (this.#telling !== this.#start) {
      this.#start.hide();
    }
    if (!this.#current && !this.#telling) {
      this.choose();
    }
  }

  /** How a new conversation with the model is held. */
  #mode(): Mode {
    return this.#current?.engine.chat.problem === undefined ? 'chat' : 'text';
  }

  /** Begins a conversation. */
  #renew(mode: Mode): void {
    this.#conversation.clear(mode);
    if (this.#current) {
      const { bundle, engine } = this.#current;
      this.#start.ready(
        bundle,
        openingsFor(
          mode,
          engine,
          (text) => this.#conversation.say(text),
          (other) => this.#renew(other),
        ),
      );
    } else if (!this.#telling) {
      this.#next.hide();
      this.choose();
    }
  }

  #fail(source: Source, name: string, problem: unknown, card: Card, signal: AbortSignal, before?: Current): void {
    if (signal.aborted) {
      return;
    }
    this.#telling = undefined;
    const kind = problem instanceof QuernError ? problem.kind : 'internal';
    const actions = [button(kind === 'network' ? 'Go on' : 'Try again', () => void this.open(source), 'primary')];
    if (this.#current && (kind === 'out_of_memory' || kind === 'device_lost')) {
      const closing = () => void this.#close().then(() => this.open(source));
      actions.unshift(button(`Close ${this.#current.bundle.model.name} and try again`, closing, 'primary'));
    }
    if (before && !this.#current) {
      const { address, model } = before.bundle;
      actions.push(button(`Open ${model.name} again`, () => void this.open({ kind: 'bundle', address })));
    }
    actions.push(button('Another model …', () => element('open-models', HTMLButtonElement).click()));
    card.fail(`Cannot open ${name}`, problem, [...actions, ...this.#dismissing(card)]);
    this.refresh();
  }

  /** Lets go of the model that is open; what was said with it stays. */
  async #close(): Promise<void> {
    const engine = this.#current?.engine;
    this.#conversation.use(undefined);
    this.#settings.advise(undefined);
    this.#current = undefined;
    this.#footnote.slow = [];
    this.#insides.disabled = true;
    this.#fresh.disabled = true;
    this.#models.current = undefined;
    this.#name.textContent = 'no model';
    await engine?.unload();
  }

  #card(): Card {
    if (!this.#current && this.#conversation.isEmpty) {
      return this.#start;
    }
    return this.#next;
  }

  /** Opening a model beside another can be thought better of. */
  #cancelling(card: Card, opening: AbortController): HTMLElement[] {
    const cancel = () => {
      opening.abort();
      this.#telling = undefined;
      card.hide();
      this.refresh();
    };
    return card === this.#next ? [button('Cancel', cancel)] : [];
  }

  #dismissing(card: Card): HTMLElement[] {
    return card === this.#next ? [button('Dismiss', () => card.hide())] : [];
  }
}
