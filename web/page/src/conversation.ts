import type { ChatMessage, Engine, Usage } from 'quern';
import { button, element, make, sentence } from './elements.js';
import type { Settings } from './settings.js';

/** So near the end the log follows what is written. */
const NEAR_END = 80;

/** The log of messages, and the form below it. */
export class Conversation {
  readonly #settings: Settings;
  readonly #begun: () => void;
  readonly #scroll = element('scroll', HTMLElement);
  readonly #log = element('conversation', HTMLElement);
  readonly #field = element('message', HTMLTextAreaElement);
  readonly #send = element('send', HTMLButtonElement);
  readonly #stop = element('stop', HTMLButtonElement);
  #engine: Engine | undefined;
  #messages: ChatMessage[] = [];
  #running: AbortController | undefined;

  /** @param begun is called when the first message is sent */
  constructor(settings: Settings, begun: () => void) {
    this.#settings = settings;
    this.#begun = begun;
    element('composer', HTMLFormElement).addEventListener('submit', (event) => {
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

  /** Whether anything was said. */
  get empty(): boolean {
    return this.#messages.length === 0;
  }

  /** Begins anew. */
  clear(): void {
    this.#running?.abort();
    this.#messages = [];
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
    this.#messages.push({ role: 'user', content: text });
    this.#log.append(make('div', 'message user', text));
    void this.#answer(this.#engine);
  }

  #submit(): void {
    const text = this.#field.value.trim();
    if (text && this.#engine && !this.#running) {
      this.#field.value = '';
      this.say(text);
    }
  }

  async #answer(engine: Engine): Promise<void> {
    this.#log.querySelectorAll('.actions').forEach((actions) => actions.remove());
    const messages = this.#messages;
    const bubble = make('div', 'message assistant');
    const body = make('div', 'text waiting');
    bubble.append(body);
    this.#log.append(bubble);
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    const running = new AbortController();
    this.#run(running);
    try {
      const { system, seed, cache: _, ...sampling } = this.#settings.values;
      const stream = engine.chat.completions.create({
        ...sampling,
        seed: seed || Math.floor(Math.random() * 2 ** 31),
        messages: [...(system ? [{ role: 'system', content: system } as const] : []), ...messages],
        stream: true,
        signal: running.signal,
      });
      for await (const chunk of stream) {
        const follows = this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight < NEAR_END;
        const more = chunk.choices[0]?.delta.content ?? '';
        if (more) {
          body.classList.remove('waiting');
          body.append(more);
        }
        if (chunk.usage) {
          bubble.append(figures(chunk.usage));
        }
        if (follows) {
          this.#scroll.scrollTop = this.#scroll.scrollHeight;
        }
      }
      if (messages === this.#messages) {
        messages.push({ role: 'assistant', content: body.textContent ?? '' });
        bubble.append(this.#actions(bubble, body));
      }
    } catch (problem) {
      bubble.append(make('p', 'problem', sentence(problem)));
      bubble.append(this.#actions(bubble, body));
    } finally {
      body.classList.remove('waiting');
      if (this.#running === running) {
        this.#run(undefined);
        this.#offer();
      }
      this.#scroll.scrollTop = this.#scroll.scrollHeight;
    }
  }

  #actions(bubble: HTMLElement, body: HTMLElement): HTMLElement {
    const actions = make('div', 'actions');
    const again = button('Regenerate', () => {
      if (this.#engine && !this.#running) {
        if (this.#messages.at(-1)?.role === 'assistant') {
          this.#messages.pop();
        }
        bubble.remove();
        void this.#answer(this.#engine);
      }
    });
    const copy = button('Copy', () => {
      void navigator.clipboard.writeText(body.textContent ?? '').then(() => (copy.textContent = 'Copied'));
    });
    actions.append(again, copy);
    return actions;
  }

  #run(running: AbortController | undefined): void {
    this.#running = running;
    this.#send.hidden = running !== undefined;
    this.#stop.hidden = running === undefined;
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
