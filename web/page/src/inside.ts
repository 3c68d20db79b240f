import type { MemoryPlan, MemoryRegion, OpenedBundle, SlowPath } from 'quern';
import { bytes, make, SVG } from './elements.js';

const WIDTH = 720;
const HEIGHT = 360;

const ENTRY_POINTS = [
  { name: 'step', title: 'The arena while a token is made' },
  { name: 'prefill', title: 'The arena while a prompt is read' },
] as const;

/** Draws what is in the model: where memory goes, the arena over time, the kernels with their text. */
export function showInside(panel: HTMLElement, bundle: OpenedBundle): void {
  const plan = bundle.memoryPlan();
  panel.replaceChildren(
    make(
      'p',
      'muted',
      `Compiled for the profile “${bundle.model.profile}”. Every byte was planned before the first was fetched.`,
    ),
    ...slowness(bundle.slow),
    make('h3', '', `Memory: ${bytes(plan.memory.total_bytes)}`),
    ...shares(plan),
  );
  for (const { name, title } of ENTRY_POINTS) {
    const regions = plan.memory.regions.filter((region) => region.entry_point === name);
    if (regions.length > 0) {
      panel.append(make('h3', '', title), drawing(regions));
    }
  }
  panel.append(make('h3', '', `${plan.kernels.length} kernels`));
  const list = make('div', 'kernels');
  list.append(...plan.kernels.map((kernel) => source(bundle, kernel)));
  panel.append(list);
}

/** What makes it slower than need be, and what can be done. */
function slowness(slow: readonly SlowPath[]): HTMLElement[] {
  return slow.length === 0
    ? []
    : [
        make('h3', '', 'What slows it down'),
        ...slow.map(({ message, advice }) => make('p', '', `${message} ${advice}`)),
      ];
}

/** A bar of all memory, and a table that says what its parts are. */
function shares({ memory }: MemoryPlan): HTMLElement[] {
  const parts = [
    { name: 'Weights', size: memory.weight_bytes, kind: 'weights' },
    { name: 'Keys and values of the context', size: memory.state_bytes, kind: 'state' },
    { name: 'Arena', size: memory.arena_bytes, kind: 'arena' },
    { name: 'Inputs and outputs', size: memory.other_bytes, kind: 'other' },
  ];
  const bar = make('div', 'shares');
  bar.setAttribute('aria-hidden', 'true');
  const table = make('table');
  for (const { name, size, kind } of parts) {
    const share = make('span', kind);
    share.style.flexGrow = String(size / memory.total_bytes);
    bar.append(share);
    const row = table.insertRow();
    const head = row.insertCell();
    head.append(make('i', kind), name);
    row.insertCell().textContent = bytes(size);
  }
  const least = memory.arena_lower_bound_bytes;
  const note =
    memory.arena_bytes === least
      ? 'No plan can do with a smaller arena.'
      : `No plan can do with an arena under ${bytes(least)}.`;
  return [bar, table, make('p', 'muted', note)];
}

/** One entry point's values; the height is what this entry point takes of the arena. */
function drawing(regions: readonly MemoryRegion[]): HTMLElement {
  const arena = Math.max(...regions.map((region) => region.offset + region.bytes));
  const steps = Math.max(...regions.map((region) => region.last_step)) + 1;
  const svg = shape('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-label': `${regions.length} values in ${bytes(arena)} over ${steps} steps`,
  });
  const figure = make('figure');
  const hint =
    `${steps} steps from left to right, ${bytes(arena)} from top to bottom. A box is a value’s place ` + `and life.`;
  const caption = make('figcaption', 'muted', hint);
  for (const region of regions) {
    const { first_step, last_step, offset, value } = region;
    const box = shape('rect', {
      x: ((first_step / steps) * WIDTH).toFixed(2),
      y: ((offset / arena) * HEIGHT).toFixed(2),
      width: Math.max(0.8, ((last_step + 1 - first_step) / steps) * WIDTH - 0.6).toFixed(2),
      height: Math.max(0.8, (region.bytes / arena) * HEIGHT - 0.6).toFixed(2),
      class: `tone-${tone(value)}`,
    });
    const text = `${value}: ${bytes(region.bytes)} at ${offset}, steps ${first_step} to ${last_step}`;
    const title = document.createElementNS(SVG, 'title');
    title.textContent = text;
    box.append(title);
    box.addEventListener('pointerenter', () => (caption.textContent = text));
    svg.append(box);
  }
  svg.addEventListener('pointerleave', () => (caption.textContent = hint));
  figure.append(svg, caption);
  return figure;
}

/** Values of one name in different layers have one colour: their names differ in numbers only. */
function tone(value: string): number {
  let sum = 0;
  for (const letter of value.replace(/\d+/g, '')) {
    sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  }
  return sum % 6;
}

function shape(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
}

function source(bundle: OpenedBundle, kernel: string): HTMLElement {
  const details = make('details');
  details.append(make('summary', '', kernel));
  details.addEventListener(
    'toggle',
    () => {
      const text = make('pre', '', 'Loading …');
      text.tabIndex = 0;
      details.append(text);
      bundle.kernelSource(kernel).then(
        (wgsl) => (text.textContent = wgsl),
        (problem: unknown) => (text.textContent = (problem as Error).message),
      );
    },
    { once: true },
  );
  return details;
}
