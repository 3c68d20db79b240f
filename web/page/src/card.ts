import type { OpenedBundle, Progress, Support } from 'quern';
import { button, bytes, count, element, make, sentence } from './elements.js';

/** So many oddities of a model file are shown, the others counted. */
const SHOWN_WARNINGS = 3;

/** What a model that is ready is offered with. */
export interface Ready {
  /** What can be said first. */
  readonly openings: readonly string[];
  say(text: string): void;
  /** What to know of how the model is used. */
  readonly notes: readonly string[];
  /** What can be done besides. */
  readonly actions: readonly HTMLElement[];
}

/** Says how far a model is: where the conversation will be as long as there is none, or above one. */
export class Card {
  readonly #card: HTMLElement;
  readonly #title: HTMLElement;
  readonly #text: HTMLElement;
  readonly #bar: HTMLProgressElement;
  readonly #detail: HTMLElement;
  readonly #notes: HTMLElement;
  readonly #actions: HTMLElement;
  #moved = { fetch: 0, weights: 0 };

  /** @param id of its element, with which those of its parts begin */
  constructor(id: string) {
    this.#card = element(id, HTMLElement);
    this.#title = element(`${id}-title`, HTMLElement);
    this.#text = element(`${id}-text`, HTMLElement);
    this.#bar = element(`${id}-bar`, HTMLProgressElement);
    this.#detail = element(`${id}-detail`, HTMLElement);
    this.#notes = element(`${id}-notes`, HTMLElement);
    this.#actions = element(`${id}-actions`, HTMLElement);
  }

  /** The browser cannot run models. */
  refuse({ message, advice }: Extract<Support, { ok: false }>, actions: readonly HTMLElement[]): void {
    this.#show(message, `Models run on the graphics device, which pages reach by WebGPU. ${advice}`, actions);
    this.#card.classList.add('problem');
  }

  /** A step whose end cannot be foreseen, and what can be done meanwhile. */
  wait(title: string, text: string, actions: readonly HTMLElement[]): void {
    this.#show(title, text, actions);
    this.#bar.hidden = false;
    this.#bar.removeAttribute('value');
    this.#moved = { fetch: 0, weights: 0 };
  }

  /** The step goes on; what can be done stays. */
  waiting(text: string): void {
    this.#say(text);
  }

  /** There is no model yet. */
  choose(offers: readonly HTMLElement[]): void {
    this.#show(
      'Bring a model',
      'Drop a GGUF file anywhere on this page, or all the files of a model that was split; choose it, or give its ' +
        'address. It is compiled here, for this device, and nothing is uploaded.',
      offers,
    );
  }

  /** What a model is and takes, before its weights are fetched. */
  offer(bundle: OpenedBundle, missing: number, load: () => void, others: readonly HTMLElement[]): void {
    const text = missing > 0 ? `Load (${bytes(missing)} to fetch)` : 'Load';
    const loads = button(text, load, 'primary');
    this.#show(bundle.model.name, about(bundle), [loads, ...others]);
    this.#note(slowness(bundle));
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
    this.#title.textContent = `${title} ${bundle.model.name}`;
    this.#say(about(bundle));
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
  ready(bundle: OpenedBundle, { openings, say, notes, actions }: Ready): void {
    const compiled = bundle.compileSeconds;
    this.#show(
      bundle.model.name,
      about(bundle) + (compiled === undefined ? '' : ` Compiled here in ${compiled.toFixed(1)} s.`),
      [...openings.map((text) => button(text, () => say(text), 'opening')), ...actions],
    );
    this.#note([...notes, ...slowness(bundle), ...oddities(bundle.warnings ?? [])]);
  }

  /** Something went wrong, and this can be done. */
  fail(title: string, problem: unknown, actions: readonly HTMLElement[]): void {
    this.#show(title, sentence(problem), actions);
    this.#card.classList.add('problem');
    this.#text.setAttribute('role', 'alert');
  }

  /** There is nothing to say. */
  hide(): void {
    this.#card.hidden = true;
  }

  #show(title: string, text: string, actions: readonly HTMLElement[]): void {
    this.#card.hidden = false;
    this.#card.classList.remove('problem');
    this.#text.setAttribute('role', 'status');
    this.#bar.hidden = true;
    this.#title.textContent = title;
    this.#say(text);
    this.#detail.textContent = '';
    this.#note([]);
    this.#actions.replaceChildren(...actions);
  }

  /** Repeated unchanged it would be read aloud again. */
  #say(text: string): void {
    if (this.#text.textContent !== text) {
      this.#text.textContent = text;
    }
  }

  #note(notes: readonly string[]): void {
    this.#notes.replaceChildren(...notes.map((text) => make('li', '', text)));
  }
}

/** What makes it slow here, and what to do. */
function slowness({ slow }: OpenedBundle): string[] {
  return slow.map(({ message, advice }) => `${message} ${advice}`);
}

/** What the compiler found odd about the file; a broken one may fill pages. */
function oddities(warnings: readonly string[]): string[] {
  const more = warnings.length - SHOWN_WARNINGS;
  return [...warnings.slice(0, SHOWN_WARNINGS), ...(more > 0 ? [`And ${more} more.`] : [])];
}

function about(bundle: OpenedBundle): string {
  const { model } = bundle;
  const { memory } = bundle.memoryPlan();
  return (
    `${count(model.parameters)} parameters in ${model.encoding}, ${model.context_length.toLocaleString('en')} ` +
    `tokens of context. ` +
    `Takes ${bytes(memory.total_bytes)} of the device’s memory: ${bytes(memory.weight_bytes)} weights, ` +
    `${bytes(memory.state_bytes)} keys and values, ${bytes(memory.arena_bytes + memory.other_bytes)} to work in.`
  );
}
