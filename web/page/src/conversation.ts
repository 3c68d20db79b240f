import type { Engine } from 'quern';
import { deleteChat, keepChat, type Mode, newChatId, type SavedChat } from './chats.js';
import { Composer } from './composer.js';
import { element } from './elements.js';
import { Following } from './following.js';
import { ask, type Asking, textOf } from './requests.js';
import type { Settings } from './settings.js';
import { Turn } from './turn.js';

/** So often at most an answer that is being written is kept. */
const KEEP_MS = 1000;

/** What becomes of a conversation. */
export interface ConversationEvents {
  /** The first message is sent. */
  begun(): void;
  /** Another conversation stands here, or this one is kept for the first time; without a name, none that is kept. */
  named(id: string | undefined): void;
  /** What is kept of it has changed. */
  kept(): void;
}

/**
 * The log of messages, and the form below it. A turn that failed is seen, but is no part of the chat unless it is tried
 * again.
 */
export class Conversation {
  readonly #settings: Settings;
  readonly #events: ConversationEvents;
  readonly #following = new Following(element('scroll', HTMLElement));
  readonly #log = element('conversation', HTMLElement);
  readonly #composer: Composer;
  #engine: Engine | undefined;
  #id: string | undefined;
  #mode: Mode = 'chat';
  #model = '';
  /** The turns that were answered. */
  #turns: Turn[] = [];
  /** So many of them, the first, the model does not read any more. */
  #cut = 0;
  /** The turn that is being answered, or has failed. */
  #open: Turn | undefined;
  /** Whether the person has agreed that the oldest turns are left out. */
  #dropping = false;
  #running: AbortController | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(settings: Settings, events: ConversationEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#composer = new Composer(
      (text) => this.say(text),
      () => this.#running?.abort(),
      () => [...this.#turns, ...(this.#open ? [this.#open] : [])].map(({ text }) => text).filter((text) => text !== ''),
    );
  }

  /** Whether nothing was said yet. */
  get isEmpty(): boolean {
    return this.#turns.length === 0 && !this.#open;
  }

  /** By what name it is kept. */
  get id(): string | undefined {
    return this.#id;
  }

  /**
   * Whom the messages go to from now on; what was said stays. Without an engine nothing can be sent, though it can be
   * written.
   */
  use(engine: Engine | undefined): void {
    this.#running?.abort();
    this.#engine = engine;
    this.#composer.able = engine !== undefined;
  }

  /** Begins anew. What was said is kept where it is kept. */
  clear(mode: Mode): void {
    this.#leave();
    this.#mode = mode;
    this.#composer.mode = mode;
    this.#composer.offer();
    this.#events.named(undefined);
  }

  /** Goes on with one that was kept. */
  restore(chat: SavedChat): void {
    this.#leave();
    this.#id = chat.id;
    this.#mode = chat.mode;
    this.#model = chat.model;
    this.#cut = chat.cut;
    this.#dropping = chat.dropping;
    this.#composer.mode = chat.mode;
    for (const saved of chat.turns) {
      const turn = this.#turn(saved.asked);
      turn.restore(saved, undefined);
      this.#turns.push(turn);
      this.#log.append(turn.element);
    }
    this.#turns[this.#cut]?.element.before(Turn.cut());
    this.#turns.at(-1)?.offer(this.#turns.length > 1);
    this.#composer.propose(chat.draft ?? '');
    this.#following.toEnd();
    this.#events.named(chat.id);
    this.#events.begun();
  }

  /** Nothing of what was said stands here any more. */
  #leave(): void {
    if (this.#running ?? this.#keeping) {
      this.#keep();
    }
    this.#running?.abort();
    this.#id = undefined;
    this.#turns = [];
    this.#cut = 0;
    this.#open = undefined;
    this.#dropping = false;
    this.#log.replaceChildren();
  }

  /** Forgets what was said, and what is kept of it. */
  async forget(): Promise<void> {
    const id = this.#id;
    this.#id = undefined;
    this.clear(this.#mode);
    if (id !== undefined) {
      await deleteChat(id);
      this.#events.kept();
    }
  }

  /**
   * The page is left: what is there by now is kept. Nothing later is, such as that an answer fails because its model
   * goes with the page.
   */
  end(): void {
    if (this.#running ?? this.#keeping) {
      this.#keep();
    }
    this.#ended = true;
  }

  /** Puts the cursor into the field. */
  focus(): void {
    this.#composer.focus();
  }

  /**
   * Says something.
   *
   * @returns whether it could be said
   */
  say(text: string): boolean {
    const engine = this.#engine;
    if (!engine || this.#running) {
      return false;
    }
    this.#events.begun();
    this.#open?.giveUp();
    this.#turns.at(-1)?.settle();
    if (this.#id === undefined) {
      this.#id = newChatId();
      this.#events.named(this.#id);
    }
    const turn = this.#turn(text);
    this.#log.append(turn.element);
    void this.#answer(engine, turn);
    return true;
  }

  #turn(text: string): Turn {
    const turn: Turn = new Turn(this.#mode, text, {
      again: () => this.#again(turn),
      withoutOldest: () => {
        this.#dropping = true;
        this.#again(turn);
      },
      edit: () => {
        this.#remove(turn);
        this.#composer.put(turn.text);
      },
      change: (changed) => this.#change(turn, changed),
      remove: () => {
        this.#remove(turn);
        this.#composer.offer();
      },
      goOn: () => this.say(''),
    });
    return turn;
  }

  /** Answers the last turn once more. */
  #again(turn: Turn): void {
    if (this.#engine && !this.#running) {
      this.#turns = this.#turns.filter((other) => other !== turn);
      void this.#answer(this.#engine, turn);
    }
  }

  /** Goes on from a message as if it had been another. */
  #change(turn: Turn, text: string): void {
    if (!this.#engine || this.#running) {
      return;
    }
    const place = this.#turns.indexOf(turn);
    if (place >= 0) {
      this.#turns = this.#turns.slice(0, place);
      this.#cut = Math.min(this.#cut, place);
    }
    this.#open = undefined;
    while (turn.element.nextSibling) {
      turn.element.nextSibling.remove();
    }
    turn.element.remove();
    this.say(text);
    this.#composer.focus();
  }

  #remove(turn: Turn): void {
    if (!this.#running) {
      turn.element.remove();
      this.#open = undefined;
      this.#turns.at(-1)?.offer(this.#turns.length > 1);
      this.#keep();
    }
  }

  async #answer(engine: Engine, turn: Turn): Promise<void> {
    this.#open = turn;
    this.#model = engine.model.name;
    turn.begin();
    const turns = this.#turns;
    this.#following.toEnd();
    const running = new AbortController();
    this.#run(running);
    this.#keep();
    try {
      const asking: Asking = {
        mode: this.#mode,
        read: turns.slice(this.#cut),
        text: turn.text,
        dropping: this.#dropping,
        signal: running.signal,
      };
      for await (const chunk of ask(engine, this.#settings.values, asking)) {
        this.#following.while(() => turn.write(textOf(chunk), chunk.choices[0]?.finish_reason ?? undefined));
        if (chunk.usage) {
          const { usage } = chunk;
          this.#following.while(() => turn.tell(usage, engine.model.context_length));
        }
        if (turns === this.#turns) {
          this.#leaveOut(turn, chunk.usage?.extra.dropped_messages ?? 0, engine.model.context_length);
          this.#keepSoon();
        }
      }
      if (turns === this.#turns) {
        turns.push(turn);
        this.#open = undefined;
        turn.offer(turns.length - this.#cut > 1);
      }
    } catch (problem) {
      turn.fail(problem, turns.length > this.#cut);
    } finally {
      turn.end();
      if (this.#running === running) {
        this.#run(undefined);
        this.#composer.offer();
        this.#following.toEnd();
      }
      if (turns === this.#turns) {
        this.#keep();
      }
    }
  }

  /** The model has not read the first messages: they are no part of the chat any more, and a line says so. */
  #leaveOut(turn: Turn, messages: number, room: number): void {
    let left = messages;
    while (left > 0 && this.#cut < this.#turns.length) {
      left -= this.#turns[this.#cut]!.messages.length;
      this.#cut++;
    }
    if (messages > 0) {
      this.#log.querySelector('.cut')?.remove();
      (this.#turns[this.#cut] ?? turn).element.before(Turn.cut(room));
    }
  }

  #run(running: AbortController | undefined): void {
    this.#running = running;
    this.#composer.running = running !== undefined;
    this.#log.classList.toggle('running', running !== undefined);
  }

  #keepSoon(): void {
    this.#keeping ??= setTimeout(() => this.#keep(), KEEP_MS);
  }

  /** Keeps what was said so far on this device. */
  #keep(): void {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    const id = this.#id;
    if (id === undefined || this.#ended) {
      return;
    }
    const open = this.#open;
    const partly = open && open.answer !== '' && this.#running ? [open.saved] : [];
    const turns = [...this.#turns.map(({ saved }) => saved), ...partly];
    const draft = open && partly.length === 0 ? open.text : '';
    const chat: SavedChat = {
      id,
      mode: this.#mode,
      model: this.#model,
      changed: Date.now(),
      turns,
      cut: this.#cut,
      dropping: this.#dropping,
      ...(draft && { draft }),
    };
    const keeping = turns.length > 0 || draft ? keepChat(chat) : deleteChat(id);
    // Without room it stays on the page, and the panel of chats shows what is kept.
    void keeping.catch(() => undefined).then(() => this.#events.kept());
  }
}
