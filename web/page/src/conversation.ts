import type { ChatMessage, Engine } from 'quern';
import { element } from './elements.js';
import type { Settings } from './settings.js';
import { Turn } from './turn.js';

/** So near the end the log follows what is written. */
const NEAR_END = 80;

/** The log of messages, and the form below it. A turn that failed is seen, but is no part of the chat unless it is tried again. */
export class Conversation {
  readonly #settings: Settings;
  readonly #begun: () => void;
  readonly #scroll = element('scroll', HTMLElement);
  readonly #log = element('conversation', HTMLElement);
  readonly #field = element('message', HTMLTextAreaElement);
  readonly #send = element('send', HTMLButtonElement);
  readonly #stop = element('stop', HTMLButtonElement);
  #engine: Engine | undefined;
  /** The turns that were answered and that the model still reads. */
  #turns: Turn[] = [];
  /** The turn that is being answered, or has failed. */
  #open: Turn | undefined;
  /** Whether the person has agreed that the oldest turns are left out. */
  #dropping = false;
  #running: AbortController | undefined;

  /** @param begun is called when the first message is sent */
  constructor(settings: Settings, begun: () => void) {
    this.#settings = settings;
    this.#begun = begun;
    // A sandboxed frame may submit no form, so it does not come to that.
    this.#send.addEventListener('click', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
    });
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.#running?.abort();
      }
    });
    this.#stop.addEventListener('click', () => this.#running?.abort());
    this.#field.focus();
  }

  /** Whom the messages go to from now on; what was said stays. Without an engine nothing can be sent, though it can be written. */
  use(engine: Engine | undefined): void {
    this.#running?.abort();
    this.#engine = engine;
    this.#send.disabled = !engine;
  }

  /** Begins anew. */
  clear(): void {
    this.#running?.abort();
    this.#turns = [];
    this.#open = undefined;
    this.#dropping = false;
    this.#log.replaceChildren();
    this.#offer();
  }

  /** Puts the cursor into the field. */
  focus(): void {
    this.#field.focus();
  }

  /** The field is ready to be written in, unless the person is busy elsewhere on the page. */
  #offer(): void {
    const focused = document.activeElement;
    if (!focused || focused === document.body || focused.closest('#talk')) {
      this.#field.focus();
    }
  }

  /** Says something. */
  say(text: string): void {
    if (!this.#engine || this.#running) {
      return;
    }
    this.#begun();
    this.#open?.giveUp();
    this.#turns.at(-1)?.settle();
    const turn = new Turn(text, {
      again: () => this.#again(turn),
      withoutOldest: () => {
        this.#dropping = true;
        this.#again(turn);
      },
      edit: () => {
        this.#remove(turn);
        this.#field.value = turn.text;
        this.#field.focus();
      },
      remove: () => {
        this.#remove(turn);
        this.#offer();
      },
    });
    this.#log.append(turn.asked, turn.answered);
    void this.#answer(this.#engine, turn);
  }

  #submit(): void {
    const text = this.#field.value.trim();
    if (text && this.#engine && !this.#running) {
      this.#field.value = '';
      this.say(text);
    }
  }

  /** Answers the last turn once more. */
  #again(turn: Turn): void {
    if (this.#engine && !this.#running) {
      this.#turns = this.#turns.filter((other) => other !== turn);
      void this.#answer(this.#engine, turn);
    }
  }

  #remove(turn: Turn): void {
    if (!this.#running) {
      turn.asked.remove();
      turn.answered.remove();
      this.#open = undefined;
      this.#turns.at(-1)?.offer(this.#turns.length > 1);
    }
  }

  async #answer(engine: Engine, turn: Turn): Promise<void> {
    this.#open = turn;
    turn.begin();
    const turns = this.#turns;
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    const running = new AbortController();
    this.#run(running);
    try {
      const { system, seed, cache: _, ...sampling } = this.#settings.values;
      const stream = engine.chat.completions.create({
        ...sampling,
        seed: seed || Math.floor(Math.random() * 2 ** 31),
        messages: [
          ...(system ? [{ role: 'system', content: system } as const] : []),
          ...turns.flatMap((each) => each.messages),
          { role: 'user', content: turn.text } satisfies ChatMessage,
        ],
        overflow: this.#dropping ? 'drop-oldest' : 'error',
        stream: true,
        signal: running.signal,
      });
      for await (const chunk of stream) {
        const follows = this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight < NEAR_END;
        turn.write(chunk.choices[0]?.delta.content ?? '', chunk.choices[0]?.finish_reason ?? undefined);
        if (chunk.usage) {
          turn.tell(chunk.usage, engine.model.context_length);
          this.#leaveOut(turns, turn, chunk.usage.extra.dropped_messages ?? 0, engine.model.context_length);
        }
        if (follows) {
          this.#scroll.scrollTop = this.#scroll.scrollHeight;
        }
      }
      if (turns === this.#turns) {
        turns.push(turn);
        this.#open = undefined;
        turn.offer(turns.length > 1);
      }
    } catch (problem) {
      turn.fail(problem, turns.length > 0);
    } finally {
      turn.end();
      if (this.#running === running) {
        this.#run(undefined);
        this.#offer();
      }
      this.#scroll.scrollTop = this.#scroll.scrollHeight;
    }
  }

  /** The model has not read the first messages: they are no part of the chat any more, and a line says so. */
  #leaveOut(turns: Turn[], turn: Turn, messages: number, room: number): void {
    let left = messages;
    while (left > 0 && turns.length > 0) {
      left -= turns.shift()!.messages.length;
    }
    if (messages > 0) {
      this.#log.querySelector('.cut')?.remove();
      const text = `The model no longer reads what is above: it has room for ${room.toLocaleString('en')} tokens.`;
      (turns[0] ?? turn).asked.before(Turn.line('cut', text));
    }
  }

  #run(running: AbortController | undefined): void {
    this.#running = running;
    this.#send.hidden = running !== undefined;
    this.#stop.hidden = running === undefined;
  }
}
