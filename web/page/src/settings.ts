import type { CacheEncoding } from 'quern';
import { note, noted } from '../../dist/site-data.js';
import { button, make } from './elements.js';

const KEPT = 'quern-settings';

/** What a person may set. Numbers are kept between visits. */
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

/** The panel of settings. */
export class Settings {
  readonly values: Values = { ...DEFAULTS, ...read() };
  readonly #body: HTMLElement;

  constructor(body: HTMLElement) {
    this.#body = body;
    this.#show();
  }

  #show(): void {
    this.#body.replaceChildren(
      this.#system(),
      ...SLIDERS.map((slider) => this.#slider(slider)),
      this.#seed(),
      this.#cache(),
      button('Back to the defaults', () => this.#reset()),
    );
  }

  /** All as on the first visit. */
  #reset(): void {
    Object.assign(this.values, DEFAULTS);
    note(KEPT, JSON.stringify(this.values));
    this.#show();
    this.#body.querySelector<HTMLElement>('textarea')?.focus();
  }

  #system(): HTMLElement {
    const label = make('label', '', 'System prompt');
    const field = make('textarea');
    field.rows = 3;
    field.value = this.values.system;
    field.addEventListener('input', () => this.#set('system', field.value));
    label.append(field);
    return label;
  }

  #slider({ name, label: text, min, max, step }: Slider): HTMLElement {
    const label = make('label');
    const line = make('span', '', text);
    const shown = make('output', '', String(this.values[name]));
    line.append(shown);
    const field = make('input');
    field.type = 'range';
    field.min = String(min);
    field.max = String(max);
    field.step = String(step);
    field.value = String(this.values[name]);
    // The label would otherwise be that of the number shown, which comes first in it.
    field.id = `setting-${name}`;
    label.htmlFor = field.id;
    field.addEventListener('input', () => {
      shown.textContent = field.value;
      this.#set(name, field.valueAsNumber);
    });
    label.append(line, field);
    return label;
  }

  #seed(): HTMLElement {
    const label = make('label', '', 'Seed (0 for another each time)');
    const field = make('input');
    field.type = 'number';
    field.min = '0';
    field.step = '1';
    field.value = String(this.values.seed);
    field.addEventListener('input', () => this.#set('seed', Math.max(0, Math.floor(field.valueAsNumber || 0))));
    label.append(field);
    return label;
  }

  #cache(): HTMLElement {
    const label = make('label', '', 'Keys and values of models compiled here, from the next one on');
    const field = make('select');
    const texts: Record<CacheEncoding, string> = { f16: 'f16', f32: 'f32: twice the memory, a larger range' };
    for (const [value, text] of Object.entries(texts)) {
      field.add(new Option(text, value, false, value === this.values.cache));
    }
    field.id = 'setting-cache';
    field.addEventListener('change', () => this.#set('cache', field.value as CacheEncoding));
    label.append(field);
    return label;
  }

  #set<K extends keyof Values>(name: K, value: Values[K]): void {
    this.values[name] = value;
    note(KEPT, JSON.stringify(this.values));
  }
}

function read(): Partial<Values> {
  try {
    return JSON.parse(noted(KEPT) ?? '{}') as Partial<Values>;
  } catch {
    return {};
  }
}
