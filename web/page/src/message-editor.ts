import { button, make } from './elements.js';

/** Who hears what became of a message that is changed. */
export interface Editing {
  done(text: string): void;
  cancel(): void;
}

/** Puts a field with a message into an element, and two buttons; Enter and Escape are these. */
export function editor(holder: HTMLElement, text: string, { done, cancel }: Editing): void {
  const field = make('textarea');
  field.value = text;
  field.rows = 1;
  field.setAttribute('aria-label', 'The message, to be changed');
  const finish = () => {
    if (field.value.trim()) {
      done(field.value);
    }
  };
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      finish();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      cancel();
    }
  });
  const buttons = make('span', 'edit-actions');
  buttons.append(button('Cancel', cancel), button('Ask again from here', finish, 'primary'));
  holder.replaceChildren(field, buttons);
  field.focus();
  field.setSelectionRange(text.length, text.length);
}
