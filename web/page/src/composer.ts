import type { Mode } from './chats.js';
import { element } from './elements.js';

/**
 * The form below the conversation: a field that is sent by Enter, remembers what was sent, and is followed by Send or
 * Stop.
 */
export class Composer {
  readonly #field = element('message', HTMLTextAreaElement);
  readonly #send = element('send', HTMLButtonElement);
  readonly #stop = element('stop', HTMLButtonElement);
  #mode: Mode = 'chat';
  /** Which of the earlier messages stands in the field, counted from the last. */
  #recalled = 0;

  /**
   * @param send is given what was written, and says whether it was taken
   * @param stop is called by the button and by Escape
   * @param earlier the person's messages so far, the last of them last
   */
  constructor(send: (text: string) => boolean, stop: () => void, earlier: () => readonly string[]) {
    const submit = () => {
      const text = this.#mode === 'chat' ? this.#field.value.trim() : this.#field.value;
      if (text.trim() && send(text)) {
        this.#field.value = '';
        this.#recalled = 0;
      }
    };
    // A sandboxed frame may submit no form, so it does not come to that.
    this.#send.addEventListener('click', (event) => {
      event.preventDefault();
      submit();
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        submit();
      } else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && !event.isComposing) {
        if (this.#recall(event.key === 'ArrowUp' ? 1 : -1, earlier())) {
          event.preventDefault();
        }
      }
    });
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        stop();
      }
    });
    this.#stop.addEventListener('click', stop);
    this.#field.focus();
  }

  /** Whether anything can be sent. It can be written all the same. */
  set able(able: boolean) {
    this.#send.disabled = !able;
  }

  /** Whether an answer is being written, so that it can be stopped. */
  set running(running: boolean) {
    this.#send.hidden = running;
    this.#stop.hidden = !running;
  }

  /** What is written here: a message, or text that is continued. */
  set mode(mode: Mode) {
    this.#mode = mode;
    this.#field.placeholder = mode === 'chat' ? 'Message' : 'A text to be continued';
  }

  /** Puts the cursor into the field. */
  focus(): void {
    this.#field.focus();
  }

  /** The field is ready to be written in, unless the person is busy elsewhere on the page. */
  offer(): void {
    const focused = document.activeElement;
    if (!focused || focused === document.body || focused.closest('#talk')) {
      this.#field.focus();
    }
  }

  /** Puts a text into the field, in the place of what stands there. */
  put(text: string): void {
    this.#field.value = text;
    this.#field.focus();
  }

  /** Puts a text into the field if nothing stands there. */
  propose(text: string): void {
    this.#field.value ||= text;
  }

  /**
   * Goes back or forth among earlier messages: from an empty field, and as long as what was recalled stands there
   * unchanged.
   */
  #recall(steps: 1 | -1, earlier: readonly string[]): boolean {
    const field = this.#field;
    const standing = earlier.at(-this.#recalled);
    const untouched = this.#recalled > 0 && field.value === standing && field.selectionStart === field.value.length;
    if (field.value !== '' && !untouched) {
      return false;
    }
    const wanted = (untouched ? this.#recalled : 0) + steps;
    if (wanted < 0 || wanted > earlier.length) {
      // Behind the first there is nothing more, and the cursor stays where it is.
      return untouched;
    }
    this.#recalled = wanted;
    field.value = wanted === 0 ? '' : (earlier.at(-wanted) ?? '');
    field.setSelectionRange(field.value.length, field.value.length);
    return true;
  }
}
