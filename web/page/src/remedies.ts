import { QuernError } from 'quern';

/** What a person can do about a message that was not answered. */
export type Remedy = 'again' | 'without-oldest' | 'edit' | 'remove';

/** What fails once more when it is asked for once more. */
const FAILS_AGAIN = new Set<string>(['prompt', 'request', 'chat', 'arithmetic']);

/**
 * What can be done, the best first.
 *
 * @param earlier whether there are turns before the one that failed
 */
export function remediesOf(problem: unknown, earlier: boolean): Remedy[] {
  if (problem instanceof QuernError && problem.tooLong) {
    return earlier ? ['without-oldest', 'edit', 'remove'] : ['edit', 'remove'];
  }
  const again = !(problem instanceof QuernError && FAILS_AGAIN.has(problem.kind));
  return again ? ['again', 'edit', 'remove'] : ['edit', 'remove'];
}

/** What a button for it says: what will be done. */
export function labelOf(remedy: Remedy): string {
  switch (remedy) {
    case 'again':
      return 'Try again';
    case 'without-oldest':
      return 'Go on without the oldest turns';
    case 'edit':
      return 'Edit the message';
    case 'remove':
      return 'Remove the message';
  }
}
