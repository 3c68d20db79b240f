import type { Engine } from 'quern';
import type { Ready } from './card.js';
import type { Mode } from './chats.js';
import { button } from './elements.js';

const CHAT = ['Why is the sky blue?', 'Write a short poem about rain.', 'Explain computers to a child.'];

const TEXT = ['Once upon a time', 'The three primary colours are', 'Dear neighbours,'];

/**
 * How a conversation may begin, and what it is: a chat, or a text that the model continues.
 *
 * @param say says the first message
 * @param change begins a conversation of the other kind
 */
export function openingsFor(
  mode: Mode,
  { chat }: Engine,
  say: (text: string) => void,
  change: (mode: Mode) => void,
): Ready {
  const other = (text: string, to: Mode) => button(text, () => change(to), 'link');
  if (mode === 'chat') {
    return { openings: CHAT, say, notes: [], actions: [other('Have it continue a text instead', 'text')] };
  }
  const how =
    'Write how a text begins, and the model goes on from there; what you write next goes on with the same text.';
  return chat.problem === undefined
    ? { openings: TEXT, say, notes: [how], actions: [other('Chat with it instead', 'chat')] }
    : { openings: TEXT, say, notes: [`${chat.problem} ${how}`], actions: [] };
}
