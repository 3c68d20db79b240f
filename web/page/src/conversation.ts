import type { ChatMessage, Engine, Usage } from 'quern';
import { element, make } from './elements.js';
import type { Settings } from './settings.js';

/** The log of messages, and the form below it. */
export class Conversation {
  readonly #engine: Engine;
  readonly #settings: Settings;
  readonly #log = element('conversation', HTMLElement);
  readonly #field = element('message', HTMLTextAreaElement);
  readonly #send = element('send', HTMLButtonElement);
  readonly #stop = element('stop', HTMLButtonElement);
  #messages: ChatMessage[] = [];
  #running: AbortController | undefined;

  constructor(engine: Engine, settings: Settings) {
    this.#engine = engine;
    this.#settings = settings;
    this.#field.disabled = false;
    this.#send.disabled = false;
    element('composer', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        void this.#submit();
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

  /** Begins anew. */
  clear(): void {
    this.#running?.abort();
    this.#messages = [];
    this.#log.replaceChildren();
    this.#field.focus();
  }

  async #submit(): Promise<void> {
    const text = this.#field.value.trim();
    if (!text || this.#running) {
      return;
    }
    this.#field.value = '';
    this.#messages.push({ role: 'user', content: text });
    this.#log.append(make('div', 'message user', text));
    await this.#answer();
  }

  async #answer(): Promise<void> {
    for (const button of this.#log.querySelectorAll('button')) {
      button.remove();
    }
    const messages = this.#messages;
    const bubble = make('div', 'message assistant');
    const body = make('span', 'text');
    bubble.append(body);
    this.#log.append(bubble);
    this.#run(new AbortController());
    try {
      const { system, seed, ...sampling } = this.#settings.values;
      const stream = this.#engine.chat.completions.create({
        ...sampling,
        seed: seed || Math.floor(Math.random() * 2 ** 31),
        messages: [...(system ? [{ role: 'system', content: system } as const] : []), ...messages],
        stream: true,
        signal: this.#running!.signal,
      });
      for await (const chunk of stream) {
        const follows = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 80;
        body.textContent += chunk.choices[0]?.delta.content ?? '';
        if (chunk.usage) {
          bubble.append(figures(chunk.usage));
        }
        if (follows) {
          this.#log.scrollTop = this.#log.scrollHeight;
        }
      }
      if (messages === this.#messages) {
        messages.push({ role: 'assistant', content: body.textContent ?? '' });
        bubble.append(this.#again(bubble));
      }
    } catch (problem) {
      bubble.classList.add('problem');
      body.textContent += problem instanceof Error ? problem.message : String(problem);
    } finally {
      this.#run(undefined);
      this.#field.focus();
    }
  }

  #again(bubble: HTMLElement): HTMLButtonElement {
    const button = make('button', '', 'Regenerate');
    button.type = 'button';
    button.addEventListener('click', () => {
      this.#messages.pop();
      bubble.remove();
      void this.#answer();
    });
    return button;
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
    'small',
    'figures',
    `${completion_tokens} tokens at ${extra.decode_tokens_per_s.toFixed(1)} a second; ` +
      `${read} of ${prompt_tokens} prompt tokens read, first answer after ${extra.time_to_first_token_s.toFixed(2)} s`,
  );
}
