// A page whose worker opens models as ever, and whose answers are written here: what the page does with an answer must
// not depend on what a model says.

/**
 * To be run in a page before its scripts. `window.answers` are the next answers, each a list of pieces; without one the
 * model answers itself. `window.sent` has what was asked; `window.held`, while it is set, keeps an answer from going on
 * behind its first piece.
 */
export function scriptAnswers() {
  window.sent = [];
  window.answers = [];
  window.held = false;
  const running = new Map();
  const post = Worker.prototype.postMessage;
  const usage = (tokens) => ({
    prompt_tokens: 12,
    completion_tokens: tokens,
    total_tokens: 12 + tokens,
    extra: { reused_tokens: 0, time_to_first_token_s: 0.12, prefill_tokens_per_s: 100, decode_tokens_per_s: 24 },
  });
  const answer = async (worker, { quern, session, id, command }, pieces) => {
    const reply = (rest) =>
      worker.dispatchEvent(new MessageEvent('message', { data: { quern, session, id, ...rest } }));
    const chunk = (text, reason, cost) => {
      const choice = command.type === 'chat' ? { delta: { content: text } } : { text };
      reply({
        type: 'piece',
        value: { choices: [{ index: 0, ...choice, finish_reason: reason }], ...(cost && { usage: cost }) },
      });
    };
    const run = { aborted: false };
    running.set(id, run);
    for (const piece of pieces) {
      if (run.aborted) break;
      chunk(piece, null);
      do await new Promise((resolve) => setTimeout(resolve, 2));
      while (window.held && !run.aborted);
    }
    chunk('', run.aborted ? 'abort' : 'stop', usage(pieces.length));
    reply({ type: 'value', value: undefined });
  };
  Worker.prototype.postMessage = function (message, ...others) {
    const { command } = message ?? {};
    if (command?.type === 'abort' && running.has(command.request)) running.get(command.request).aborted = true;
    if (command?.type === 'chat' || command?.type === 'complete') {
      window.sent.push(command.request);
      const pieces = window.answers.shift();
      if (pieces) {
        void answer(this, message, pieces);
        return;
      }
    }
    post.call(this, message, ...others);
  };
}
