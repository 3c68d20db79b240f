import type { ChatMessage, FinishReason, Usage } from 'quern';
import type { Mode, SavedTurn } from './chats.js';
import { button, copying, iconButton, make, sentence } from './elements.js';
import { MarkdownView } from './markdown.js';
import { editor } from './message-editor.js';
import { labelOf, type Remedy, remediesOf } from './remedies.js';

const PENCIL = 'm3 13 .7-3 7-7a1.4 1.4 0 0 1 2 2l-7 7z';

/** What is done when a person asks for it. */
export interface TurnActions {
  again(): void;
  withoutOldest(): void;
  /** The message is written anew below. */
  edit(): void;
  /** The message was changed where it stands. */
  change(text: string): void;
  remove(): void;
  /** The model goes on with its text. */
  goOn(): void;
}

/**
 * A message of the person and the answer to it, as they are seen; or a piece of text, and how the model continues it.
 */
export class Turn {
  readonly text: string;
  readonly element: HTMLElement;
  readonly #mode: Mode;
  readonly #asked: HTMLElement;
  readonly #answered = make('div', 'message assistant');
  readonly #does: TurnActions;
  #body: HTMLElement = make('div');
  #markdown: MarkdownView | undefined;
  #answer = '';
  #finish: FinishReason | undefined;
  #usage: Usage | undefined;
  /** Whether the answer ended because the context was full. */
  #full = false;

  constructor(mode: Mode, text: string, does: TurnActions) {
    this.#mode = mode;
    this.text = text;
    this.#does = does;
    this.element = make('div', mode === 'chat' ? 'turn' : 'turn prose');
    this.#asked = make(mode === 'chat' ? 'div' : 'span', mode === 'chat' ? 'message user' : 'mine');
    this.#ask();
    this.element.append(...(mode === 'chat' ? [this.#asked, this.#answered] : [this.#answered]));
  }

  /** The line above which the model does not read; with the tokens that it has room for, where they are known. */
  static cut(room?: number): HTMLElement {
    const why = room === undefined ? '' : `: it has room for ${room.toLocaleString('en')} tokens`;
    const line = make('p', 'cut', `The model no longer reads what is above${why}.`);
    line.setAttribute('role', 'status');
    return line;
  }

  /** Both messages, as the model reads them. */
  get messages(): ChatMessage[] {
    return [
      { role: 'user', content: this.text },
      { role: 'assistant', content: this.#answer },
    ];
  }

  /** What the model wrote. */
  get answer(): string {
    return this.#answer;
  }

  /** What is kept of it. */
  get saved(): SavedTurn {
    const { text, answer } = this;
    return { asked: text, answer, finish: this.#finish ?? 'abort', ...(this.#usage && { usage: this.#usage }) };
  }

  /** Shows what was kept. */
  restore({ answer, finish, usage }: SavedTurn, room: number | undefined): void {
    this.begin();
    this.write(answer, finish);
    if (usage) {
      this.tell(usage, room);
    }
    this.end();
  }

  #ask(): void {
    const text = make('span', 'said', this.text);
    const edit = iconButton('Edit this message', PENCIL, () => this.#edit(), 'edit');
    this.#asked.replaceChildren(text, edit);
    this.#asked.hidden = this.#mode === 'text' && this.text === '';
  }

  #edit(): void {
    const restore = () => {
      this.#asked.classList.remove('editing');
      this.#ask();
    };
    this.#asked.classList.add('editing');
    editor(this.#asked, this.text, {
      done: (text) => this.#does.change(text),
      cancel: () => {
        restore();
        this.#asked.querySelector<HTMLElement>('.edit')?.focus();
      },
    });
  }

  /** Nothing of the answer is there yet. */
  begin(): void {
    document.querySelectorAll('#conversation .actions').forEach((actions) => actions.remove());
    this.#asked.classList.remove('left-out');
    this.#answer = '';
    this.#finish = undefined;
    this.#usage = undefined;
    this.#full = false;
    // Read aloud when it is done, not with every word anew.
    this.#answered.setAttribute('aria-busy', 'true');
    if (this.#mode === 'chat') {
      this.#body = make('div', 'text waiting');
      this.#markdown = new MarkdownView(this.#body);
      this.#answered.replaceChildren(this.#body);
    } else {
      this.#body = make('span', 'waiting');
      const whole = make('div', 'text');
      whole.append(this.#asked, this.#body);
      this.#answered.replaceChildren(whole);
    }
  }

  /** More of the answer, and in the end why it ended. */
  write(more: string, finish: FinishReason | undefined): void {
    this.#finish = finish ?? this.#finish;
    if (more) {
      this.#answer += more;
      this.#body.classList.remove('waiting');
      if (this.#markdown) {
        this.#markdown.grow(this.#answer);
      } else {
        this.#body.append(more);
      }
    }
  }

  /**
   * What it has cost.
   *
   * @param room tokens that the model has room for, where it is the model that answered
   */
  tell(usage: Usage, room: number | undefined): void {
    this.#usage = usage;
    this.#full = this.#finish === 'length' && room !== undefined && usage.total_tokens >= room;
    this.#answered.append(figures(usage));
    if (this.#full) {
      const text =
        `The answer ends here because the context is full: it has room for ` + `${room?.toLocaleString('en')} tokens.`;
      this.#answered.append(make('p', 'note', text));
    }
  }

  /** Nothing more comes. */
  end(): void {
    this.#markdown?.show(this.#answer);
    this.#body.classList.remove('waiting');
    this.#answered.removeAttribute('aria-busy');
  }

  /**
   * Offers what can be done with an answer.
   *
   * @param earlier whether there are turns before it that the model reads
   */
  offer(earlier: boolean): void {
    const shorter = this.#full && earlier;
    const again = shorter
      ? button('Answer again without the oldest turns', () => this.#does.withoutOldest())
      : button('Regenerate', () => this.#does.again());
    const copy = button('Copy', () => copying(copy, this.#answer));
    const goesOn = this.#mode === 'text' && !shorter ? [button('Go on', () => this.#does.goOn())] : [];
    this.#actions([...goesOn, again, copy]);
  }

  /** Nothing is offered for it any more. */
  settle(): void {
    this.#answered.querySelector('.actions')?.remove();
  }

  /**
   * It was not answered: says why, and offers what can be done about it.
   *
   * @param earlier whether there are turns before it that the model reads
   */
  fail(problem: unknown, earlier: boolean): void {
    this.#asked.classList.add('left-out');
    const said = make('p', 'problem', sentence(problem));
    said.setAttribute('role', 'alert');
    this.#answered.append(said);
    const buttons = remediesOf(problem, earlier).map((remedy, index) =>
      button(labelOf(remedy), () => this.#do(remedy), index === 0 ? 'primary' : ''),
    );
    this.#actions(buttons);
  }

  /** The person has gone on without it. */
  giveUp(): void {
    this.settle();
    this.#asked.querySelector('.edit')?.remove();
    this.#answered.append(make('p', 'figures', 'Not answered, and no part of the chat.'));
  }

  #do(remedy: Remedy): void {
    switch (remedy) {
      case 'again':
        return this.#does.again();
      case 'without-oldest':
        return this.#does.withoutOldest();
      case 'edit':
        return this.#does.edit();
      case 'remove':
        return this.#does.remove();
    }
  }

  #actions(buttons: readonly HTMLElement[]): void {
    this.settle();
    const actions = make('div', 'actions');
    actions.append(...buttons);
    this.#answered.append(actions);
  }
}

function figures({ prompt_tokens, completion_tokens, extra }: Usage): HTMLElement {
  const read = prompt_tokens - extra.reused_tokens;
  return make(
    'p',
    'figures',
    `${completion_tokens} tokens at ${extra.decode_tokens_per_s.toFixed(1)} a second; ` +
      `${read} of ${prompt_tokens} prompt tokens read, first answer after ${extra.time_to_first_token_s.toFixed(2)} s`,
  );
}
