import { deleteChat, keptChats, nameOfChat, type SavedChat } from './chats.js';
import { button, make } from './elements.js';
import { framed } from './panels.js';

/** What the panel has done. */
export interface ChatsEvents {
  open(chat: SavedChat): void;
  /** The one that stands on the page is to be forgotten. */
  forget(): Promise<void>;
  /** By what name the one is kept that stands on the page. */
  current(): string | undefined;
}

/** The panel of conversations that are kept on this device. */
export class ChatsPanel {
  readonly #list = make('ul', 'models');
  readonly #foot = make('p');
  readonly #events: ChatsEvents;
  #looks = 0;

  constructor(events: ChatsEvents) {
    this.#events = events;
    framed('chats', 'Chats').append(
      make('p', 'muted', 'What you write is kept on this device, until you delete it. It goes nowhere else.'),
      this.#list,
      this.#foot,
    );
  }

  /** Shows what is kept by now. */
  async refresh(): Promise<void> {
    const look = ++this.#looks;
    const kept = await keptChats();
    if (look !== this.#looks) {
      // Who looks later sees what has become of it meanwhile.
      return;
    }
    // Who is on a button goes on with the same one.
    const focused = document.activeElement?.getAttribute('aria-label');
    this.#list.replaceChildren(...kept.map((chat) => this.#row(chat)));
    if (kept.length === 0) {
      this.#list.append(make('li', 'muted', 'Nothing yet.'));
    }
    this.#foot.replaceChildren();
    if (kept.length > 1) {
      this.#foot.append(button('Delete all', () => void this.#delete(kept), 'link'));
    }
    this.#list
      .querySelectorAll('button')
      .forEach((each) => each.getAttribute('aria-label') === focused && each.focus());
  }

  #row(chat: SavedChat): HTMLElement {
    const row = make('li');
    const name = nameOfChat(chat);
    const facts = make('div');
    const when = new Date(chat.changed).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
    const what = chat.mode === 'text' ? 'text, ' : '';
    facts.append(make('strong', '', name), make('span', 'muted', `${what}${chat.model}, ${when}`));
    const here = chat.id === this.#events.current();
    const opens = button(here ? 'Is open' : 'Open', () => this.#events.open(chat));
    opens.disabled = here;
    opens.setAttribute('aria-label', `${here ? 'Is open' : 'Open'}: ${name}`);
    const deletes = button('Delete', () => void this.#delete([chat]));
    deletes.setAttribute('aria-label', `Delete: ${name}`);
    row.append(facts, opens, deletes);
    return row;
  }

  async #delete(chats: readonly SavedChat[]): Promise<void> {
    const here = this.#events.current();
    for (const { id } of chats) {
      await (id === here ? this.#events.forget() : deleteChat(id));
    }
    await this.refresh();
  }
}
