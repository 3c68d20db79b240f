import type { CacheEncoding, ModelFacts } from 'quern';
import { note, noted } from '../../dist/site-data.js';
import { button, make } from './elements.js';

const KEPT = 'quern-settings';

/** What a person may set. What they have set is kept between visits. */
export interface Values {
  system: string;
  temperature: number;
  top_p: number;
  top_k: number;
  min_p: number;
  seed: number;
  max_tokens: number;
  /** How keys and values are kept of models that are compiled here. */
  cache: CacheEncoding;
}

/** Where neither the person nor the model says anything. */
const DEFAULTS: Values = {
  system: '',
  temperature: 0.7,
  top_p: 0.95,
  top_k: 40,
  min_p: 0.05,
  seed: 0,
  max_tokens: 512,
  cache: 'f16',
};

/** Of what a model's file may advise, where it advises only other things: nothing is limited. */
const OPEN = { temperature: 0.7, top_p: 1, top_k: 0, min_p: 0 };

type Advice = Partial<typeof OPEN>;

interface Slider {
  readonly name: Exclude<keyof Values, 'system' | 'cache'>;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const SLIDERS: readonly Slider[] = [
  { name: 'temperature', label: 'Temperature (0 takes the likeliest)', min: 0, max: 2, step: 0.05 },
  { name: 'top_p', label: 'Top p', min: 0.05, max: 1, step: 0.05 },
  { name: 'top_k', label: 'Top k (0 for all)', min: 0, max: 200, step: 1 },
  { name: 'min_p', label: 'Min p', min: 0, max: 0.5, step: 0.01 },
  { name: 'max_tokens', label: 'Most tokens of an answer', min: 16, max: 2048, step: 16 },
];

/** The panel of settings: what the person has set, else what the model's publishers advise, else the defaults. */
export class Settings {
  readonly #body: HTMLElement;
  readonly #word = make(
    'p',
    'muted',
    'What is marked as the model’s is as its publishers advise; what they leave open is off. What you set yourself ' +
      'holds for every model.',
  );
  /** Each has a field show what holds. */
  readonly #shows: Array<() => void> = [];
  #own: Partial<Values> = read();
  /** What the publishers of the model that is open advise; undefined where they advise nothing. */
  #advice: Advice | undefined;

  constructor(body: HTMLElement) {
    this.#body = body;
    body.replaceChildren(
      this.#system(),
      this.#word,
      ...SLIDERS.map((slider) => this.#slider(slider)),
      this.#seed(),
      this.#cache(),
      button('Back to the defaults', () => this.#reset()),
    );
    this.#show();
  }

  /** What holds now. */
  get values(): Values {
    return { ...DEFAULTS, ...(this.#advice && { ...OPEN, ...this.#advice }), ...this.#own };
  }

  /** From now on the settings are for a model that advises this, or nothing. */
  advise(sampling: ModelFacts['sampling']): void {
    const names = Object.keys(OPEN) as Array<keyof Advice>;
    this.#advice =
      sampling && Object.fromEntries(names.flatMap((name) => (name in sampling ? [[name, sampling[name]]] : [])));
    this.#show();
  }

  /** The fields stay, for who is writing in one. */
  #show(): void {
    this.#word.hidden = this.#advice === undefined;
    this.#shows.forEach((show) => show());
  }

  /** Nothing is the person's own any more. */
  #reset(): void {
    this.#own = {};
    this.#keep();
    this.#show();
    this.#body.querySelector<HTMLElement>('textarea')?.focus();
  }

  #system(): HTMLElement {
    const label = make('label', '', 'System prompt');
    const field = make('textarea');
    field.rows = 3;
    field.addEventListener('input', () => this.#set('system', field.value));
    this.#shows.push(() => (field.value = this.values.system));
    label.append(field);
    return label;
  }

  #slider({ name, label: text, min, max, step }: Slider): HTMLElement {
    const label = make('label');
    const line = make('span', '', text);
    const shown = make('output');
    line.append(shown);
    const field = make('input');
    field.type = 'range';
    field.min = String(min);
    field.max = String(max);
    field.step = String(step);
    // The label would otherwise be that of the number shown, which comes first in it.
    field.id = `setting-${name}`;
    label.htmlFor = field.id;
    const show = () => {
      const value = this.values[name];
      // Files hold numbers of 32 bits, which look odd as longer ones.
      const number = Number.isInteger(value) ? value : Number(value.toPrecision(6));
      const advised = this.#own[name] === undefined && name in (this.#advice ?? {});
      field.value = String(number);
      shown.textContent = advised ? `the model’s ${number}` : String(number);
      // A slider stands at one of its steps, and within its ends; the number need not.
      field.setAttribute('aria-valuetext', shown.textContent);
    };
    field.addEventListener('input', () => {
      this.#set(name, field.valueAsNumber);
      show();
    });
    this.#shows.push(show);
    label.append(line, field);
    return label;
  }

  #seed(): HTMLElement {
    const label = make('label', '', 'Seed (0 for another each time)');
    const field = make('input');
    field.type = 'number';
    field.min = '0';
    field.step = '1';
    field.addEventListener('input', () => this.#set('seed', Math.max(0, Math.floor(field.valueAsNumber || 0))));
    this.#shows.push(() => (field.value = String(this.values.seed)));
    label.append(field);
    return label;
  }

  #cache(): HTMLElement {
    const label = make('label', '', 'Keys and values of models compiled here, from the next one on');
    const field = make('select');
    const texts: Record<CacheEncoding, string> = {
      f16: 'f16',
      f32: 'f32: twice the memory, a larger range',
      q8_0: 'q8_0: about half the memory, rounded more',
    };
    for (const [value, text] of Object.entries(texts)) {
      field.add(new Option(text, value));
    }
    field.id = 'setting-cache';
    field.addEventListener('change', () => this.#set('cache', field.value as CacheEncoding));
    this.#shows.push(() => (field.value = this.values.cache));
    label.append(field);
    return label;
  }

  #set<K extends keyof Values>(name: K, value: Values[K]): void {
    this.#own[name] = value;
    this.#keep();
  }

  #keep(): void {
    note(KEPT, JSON.stringify(this.#own));
  }
}

function read(): Partial<Values> {
  try {
    return JSON.parse(noted(KEPT) ?? '{}') as Partial<Values>;
  } catch {
    return {};
  }
}
