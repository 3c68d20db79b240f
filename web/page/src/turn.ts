import type { ChatMessage, FinishReason, Usage } from 'quern';
import { button, make, sentence } from './elements.js';
import { labelOf, type Remedy, remediesOf } from './remedies.js';

/** What is done when a person asks for it. */
export interface TurnActions {
  again(): void;
  withoutOldest(): void;
  edit(): void;
  remove(): void;
}

/** A message of the person and the answer to it, as they are seen. */
export class Turn {
  readonly text: string;
  readonly asked: HTMLElement;
  readonly answered = make('div', 'message assistant');
  readonly #does: TurnActions;
  #body = make('div', 'text');
  #finish: FinishReason | undefined;
  /** Whether the answer ended because the context was full. */
  #full = false;

  constructor(text: string, does: TurnActions) {
    this.text = text;
    this.asked = make('div', 'message user', text);
    this.#does = does;
  }

  /** A line of the log that nobody said. */
  static line(kind: string, text: string): HTMLElement {
    const line = make('p', kind, text);
    line.setAttribute('role', 'status');
    return line;
  }

  /** Both messages, as the model reads them. */
  get messages(): ChatMessage[] {
    return [
      { role: 'user', content: this.text },
      { role: 'assistant', content: this.#body.textContent ?? '' },
    ];
  }

  /** Nothing of the answer is there yet. */
  begin(): void {
    document.querySelectorAll('#conversation .actions').forEach((actions) => actions.remove());
    this.asked.classList.remove('left-out');
    this.#finish = undefined;
    this.#full = false;
    this.#body = make('div', 'text waiting');
    this.answered.replaceChildren(this.#body);
  }

  /** More of the answer, and in the end why it ended. */
  write(more: string, finish: FinishReason | undefined): void {
    this.#finish = finish ?? this.#finish;
    if (more) {
      this.#body.classList.remove('waiting');
      this.#body.append(more);
    }
  }

  /** What it has cost. */
  tell(usage: Usage, room: number): void {
    this.#full = this.#finish === 'length' && usage.total_tokens >= room;
    this.answered.append(figures(usage));
    if (this.#full) {
      this.answered.append(make('p', 'note', `The answer ends here because the context is full: it has room for ${room.toLocaleString('en')} tokens.`));
    }
  }

  /** Nothing more comes. */
  end(): void {
    this.#body.classList.remove('waiting');
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
    const copy = button('Copy', () => {
      const copied = navigator.clipboard?.writeText(this.#body.textContent ?? '') ?? Promise.reject(new Error('no clipboard'));
      copied.then(
        () => (copy.textContent = 'Copied'),
        () => (copy.textContent = 'This browser lets the page copy nothing'),
      );
    });
    this.#actions([again, copy]);
  }

  /** Nothing is offered for it any more. */
  settle(): void {
    this.answered.querySelector('.actions')?.remove();
  }

  /**
   * It was not answered: says why, and offers what can be done about it.
   *
   * @param earlier whether there are turns before it that the model reads
   */
  fail(problem: unknown, earlier: boolean): void {
    this.asked.classList.add('left-out');
    const said = make('p', 'problem', sentence(problem));
    said.setAttribute('role', 'alert');
    this.answered.append(said);
    this.#actions(
      remediesOf(problem, earlier).map((remedy, index) => button(labelOf(remedy), () => this.#do(remedy), index === 0 ? 'primary' : '')),
    );
  }

  /** The person has gone on without it. */
  giveUp(): void {
    this.settle();
    this.answered.append(make('p', 'figures', 'Not answered, and no part of the chat.'));
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
    this.answered.append(actions);
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
