import type { ChatCompletionChunk, ChatMessage, CompletionChunk, Engine } from 'quern';
import type { Mode } from './chats.js';
import type { Values } from './settings.js';
import type { Turn } from './turn.js';

/** What is to be answered. */
export interface Asking {
  readonly mode: Mode;
  /** The turns that the model reads. */
  readonly read: readonly Turn[];
  readonly text: string;
  /** Whether the oldest may be left out. */
  readonly dropping: boolean;
  readonly signal: AbortSignal;
}

/** Asks for the answer to a message, or for what continues a text. */
export function ask(
  engine: Engine,
  settings: Values,
  asking: Asking,
): AsyncIterable<ChatCompletionChunk | CompletionChunk> {
  return asking.mode === 'chat' ? chat(engine, settings, asking) : text(engine, settings, asking);
}

function chat(
  engine: Engine,
  settings: Values,
  { read, text, dropping, signal }: Asking,
): AsyncIterable<ChatCompletionChunk> {
  const { problem } = engine.chat;
  if (problem !== undefined) {
    throw new Error(`${problem} Open a model that chats, or begin a new text with this one.`);
  }
  const { system, ...sampling } = settings;
  return engine.chat.completions.create({
    ...samplingOf(sampling),
    messages: [
      ...(system ? [{ role: 'system', content: system } as const] : []),
      ...read.flatMap((each) => each.messages),
      { role: 'user', content: text } satisfies ChatMessage,
    ],
    overflow: dropping ? 'drop-oldest' : 'error',
    stream: true,
    signal,
  });
}

/** All of it is one text. Where the oldest is left out there is as much room for what comes as in a chat. */
async function* text(
  engine: Engine,
  settings: Values,
  { read, text, dropping, signal }: Asking,
): AsyncGenerator<CompletionChunk> {
  const { system: _, ...sampling } = settings;
  const context = engine.model.context_length;
  const room = context - Math.min(settings.max_tokens, Math.floor(context / 4));
  let dropped = 0;
  let prompt = wholeText(read, text);
  while (dropping && dropped < read.length && (await engine.tokenize(prompt)).length > room) {
    dropped++;
    prompt = wholeText(read.slice(dropped), text);
  }
  const stream = engine.completions.create({ ...samplingOf(sampling), prompt, stream: true, signal });
  for await (const chunk of stream) {
    const { usage } = chunk;
    // Each turn is two messages, as in a chat.
    yield usage && dropped > 0
      ? { ...chunk, usage: { ...usage, extra: { ...usage.extra, dropped_messages: 2 * dropped } } }
      : chunk;
  }
}

function samplingOf({ seed, cache: _, ...sampling }: Omit<Values, 'system'>): Omit<Values, 'system' | 'cache'> {
  return { ...sampling, seed: seed || Math.floor(Math.random() * 2 ** 31) };
}

/**
 * What was written, by the person and by the model, as one text: what the person adds begins a line unless it goes on
 * with one.
 */
function wholeText(turns: readonly Turn[], text: string): string {
  const joined = (before: string, more: string) =>
    before === '' || more === '' || /\s$/.test(before) || /^\s/.test(more) ? before + more : `${before}\n${more}`;
  return joined(
    turns.reduce((whole, turn) => joined(whole, turn.text) + turn.answer, ''),
    text,
  );
}

/** The text of a piece of an answer, or of a text. */
export function textOf(chunk: ChatCompletionChunk | CompletionChunk): string {
  const choice = chunk.choices[0];
  return choice ? ('delta' in choice ? (choice.delta.content ?? '') : choice.text) : '';
}
