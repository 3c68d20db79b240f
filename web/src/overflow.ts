/** A message as far as it matters here. */
interface Message {
  readonly role: string;
}

/** A chat that fits. */
export interface Fitted<M, P> {
  readonly messages: readonly M[];
  readonly prompt: P;
  /** How many messages were left out. */
  readonly dropped: number;
}

/**
 * Leaves out the oldest turns of a chat until its prompt leaves room for an answer. A turn is a message of the user and
 * what follows until the next: templates want whole ones. System messages and the last turn stay, so the prompt may be
 * too long all the same.
 *
 * @param room tokens that the prompt may have
 * @param render makes the prompt of messages, and counts its tokens
 */
export async function fit<M extends Message, P>(
  messages: readonly M[],
  room: number,
  render: (messages: readonly M[]) => Promise<{ readonly prompt: P; readonly tokens: number }>,
): Promise<Fitted<M, P>> {
  let kept = messages;
  for (;;) {
    const { prompt, tokens } = await render(kept);
    const shorter = tokens > room ? withoutOldestTurn(kept) : undefined;
    if (!shorter) {
      return { messages: kept, prompt, dropped: messages.length - kept.length };
    }
    kept = shorter;
  }
}

/** The messages without the oldest turn; undefined if there is but one. */
export function withoutOldestTurn<M extends Message>(messages: readonly M[]): readonly M[] | undefined {
  const first = messages.findIndex(({ role }) => role !== 'system');
  const next = messages.findIndex(({ role }, index) => index > first && role === 'user');
  return first < 0 || next < 0 ? undefined : messages.filter(({ role }, index) => role === 'system' || index >= next);
}
