import type { FinishReason, Usage } from 'quern';
import { openPartStore } from '../../dist/parts.js';

/** How a conversation is held: message by message, or as one text that the model continues. */
export type Mode = 'chat' | 'text';

/** A message of the person and what the model wrote. */
export interface SavedTurn {
  readonly asked: string;
  readonly answer: string;
  readonly finish?: FinishReason;
  readonly usage?: Usage;
}

/** A conversation as it is kept. */
export interface SavedChat {
  readonly id: string;
  readonly mode: Mode;
  /** The model that answered last, for people. */
  readonly model: string;
  /** When something was said last, in milliseconds since 1970. */
  readonly changed: number;
  readonly turns: readonly SavedTurn[];
  /** The first turns that the model does not read any more. */
  readonly cut: number;
  /** Whether the person has agreed that the oldest turns are left out. */
  readonly dropping: boolean;
  /** A message that has no answer yet. */
  readonly draft?: string;
}

const PREFIX = 'chat-';

/** Longer names are cut. */
const NAME_LETTERS = 60;

/** What is written waits for what was written before: the last to be asked for is the one that stays. */
let last: Promise<unknown> = Promise.resolve();

/** The name of a conversation that is not kept yet. */
export function newChatId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}

/** Keeps a conversation on this device, in the place of what was kept of it. */
export function keepChat(chat: SavedChat): Promise<void> {
  return inTurn(async () => {
    await (await openPartStore()).put(PREFIX + chat.id, new TextEncoder().encode(JSON.stringify(chat)));
  });
}

/** Deletes a conversation; what is still being written of it is deleted too. */
export function deleteChat(id: string): Promise<void> {
  return inTurn(async () => (await openPartStore()).delete(PREFIX + id));
}

/** A conversation that is kept. */
export async function keptChat(id: string): Promise<SavedChat | undefined> {
  return /^[\w-]+$/.test(id) ? read(await (await openPartStore()).get(PREFIX + id)) : undefined;
}

/** All that are kept, the latest first. */
export async function keptChats(): Promise<SavedChat[]> {
  await last;
  const store = await openPartStore();
  const found = [];
  for (const { key } of await store.list()) {
    const chat = key.startsWith(PREFIX) ? read(await store.get(key)) : undefined;
    if (chat) {
      found.push(chat);
    }
  }
  return found.sort((a, b) => b.changed - a.changed);
}

/** What a conversation is called: the beginning of its first message. */
export function nameOfChat({ turns, draft }: SavedChat): string {
  const text = (turns[0]?.asked ?? draft ?? '').trim().replace(/\s+/g, ' ');
  const letters = [...text];
  return letters.length > NAME_LETTERS ? `${letters.slice(0, NAME_LETTERS).join('')}…` : text || 'Without words';
}

function inTurn(work: () => Promise<void>): Promise<void> {
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}

function read(bytes: Uint8Array | undefined): SavedChat | undefined {
  if (!bytes) {
    return undefined;
  }
  try {
    const chat = JSON.parse(new TextDecoder().decode(bytes)) as Partial<SavedChat>;
    return typeof chat.id === 'string' && Array.isArray(chat.turns) ? (chat as SavedChat) : undefined;
  } catch {
    // Whatever it is, it was not written here.
    return undefined;
  }
}
