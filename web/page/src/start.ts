import type { OpenedBundle, Progress, Support } from 'quern';
import { button, bytes, count, element, sentence } from './elements.js';

/** So many oddities of a model file are shown, the others counted. */
const SHOWN_WARNINGS = 3;

/** What stands where the conversation will be, as long as there is none. */
export class Start {
  readonly #card = element('start', HTMLElement);
  readonly #title = element('start-title', HTMLElement);
  readonly #text = element('start-text', HTMLElement);
  readonly #bar = element('start-bar', HTMLProgressElement);
  readonly #detail = element('start-detail', HTMLElement);
  readonly #actions = element('start-actions', HTMLElement);
  #moved = { fetch: 0, weights: 0 };

  /** The browser cannot run models. */
  refuse({ message, advice }: Extract<Support, { ok: false }>): void {
    this.#show(message, `Models run on the graphics device, which pages reach by WebGPU. ${advice}`);
    this.#card.classList.add('problem');
  }

  /** A step whose end cannot be foreseen. */
  wait(title: string, text = ''): void {
    this.#show(title, text);
    this.#bar.hidden = false;
    this.#bar.removeAttribute('value');
    this.#moved = { fetch: 0, weights: 0 };
  }

  /** There is no model yet. */
  choose(offers: readonly HTMLElement[]): void {
    this.#show(
      'Bring a model',
      'Drop a GGUF file anywhere on this page, choose one, or give its address. It is compiled here, for this device, and nothing is uploaded.',
    );
    this.#actions.append(...offers);
  }

  /** What a model is and takes, before its weights are fetched. */
  offer(bundle: OpenedBundle, missing: number, load: () => void): void {
    this.#show(bundle.model.name, about(bundle));
    const text = missing > 0 ? `Load (${bytes(missing)} to fetch)` : 'Load';
    const loads = button(text, load, 'primary');
    this.#actions.append(loads);
    loads.focus();
  }

  /** Loading goes on. Files are read and brought to the device by turns, and are one bar. */
  progress(bundle: OpenedBundle, { phase, loaded, total, text, waiting, warning }: Progress): void {
    const title = {
      compile: 'Compiling',
      repack: 'Packing the weights of',
      fetch: 'Loading',
      weights: 'Loading',
      pipelines: 'Preparing the kernels of',
      recover: 'Recovering',
    }[phase];
    this.#show(`${title} ${bundle.model.name}`, about(bundle));
    this.#bar.hidden = false;
    let detail = text;
    if (phase === 'fetch' || phase === 'weights') {
      this.#moved[phase] = loaded;
      const { fetch, weights } = this.#moved;
      detail = `${bytes(fetch)} of ${bytes(total)} read, ${bytes(weights)} on the device`;
      if (waiting !== undefined) {
        detail = `${detail}; ${waiting}`;
      }
      this.#bar.max = Math.max(1, 2 * total);
      this.#bar.value = fetch + weights;
    } else {
      this.#bar.max = Math.max(1, total);
      this.#bar.value = loaded;
    }
    this.#detail.textContent = warning === undefined ? detail : `${detail}. ${warning}`;
  }

  /** The model is there; a few first sentences are offered. */
  ready(bundle: OpenedBundle, openings: readonly string[], say: (text: string) => void): void {
    const compiled = bundle.compileSeconds;
    this.#show(
      bundle.model.name,
      about(bundle) + (compiled === undefined ? '' : ` Compiled here in ${compiled.toFixed(1)} s.`),
    );
    this.#detail.textContent = oddities(bundle.warnings ?? []);
    this.#actions.append(...openings.map((text) => button(text, () => say(text), 'opening')));
  }

  /** Something went wrong, and this can be done. */
  fail(title: string, problem: unknown, actions: readonly HTMLElement[]): void {
    this.#show(title, sentence(problem));
    this.#card.classList.add('problem');
    this.#text.setAttribute('role', 'alert');
    this.#actions.append(...actions);
  }

  /** A conversation has begun. */
  hide(): void {
    this.#card.hidden = true;
  }

  #show(title: string, text: string): void {
    this.#card.hidden = false;
    this.#card.classList.remove('problem');
    this.#text.setAttribute('role', 'status');
    this.#bar.hidden = true;
    this.#title.textContent = title;
    // Repeated unchanged it would be read aloud again.
    if (this.#text.textContent !== text) {
      this.#text.textContent = text;
    }
    this.#detail.textContent = '';
    this.#actions.replaceChildren();
  }
}

/** What the compiler found odd about the file; a broken one may fill pages. */
function oddities(warnings: readonly string[]): string {
  const more = warnings.length - SHOWN_WARNINGS;
  return [...warnings.slice(0, SHOWN_WARNINGS), ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}

function about(bundle: OpenedBundle): string {
  const { model } = bundle;
  const { memory } = bundle.memoryPlan();
  return (
    `${count(model.parameters)} parameters in ${model.encoding}, ${model.context_length.toLocaleString('en')} tokens of context. ` +
    `Takes ${bytes(memory.total_bytes)} of the device’s memory: ${bytes(memory.weight_bytes)} weights, ` +
    `${bytes(memory.state_bytes)} keys and values, ${bytes(memory.arena_bytes + memory.other_bytes)} to work in.`
  );
}
