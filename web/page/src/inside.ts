import type { Bundle, MemoryRegion } from 'quern';
import { bytes, make } from './elements.js';

const WIDTH = 360;
const HEIGHT = 220;
const SVG = 'http://www.w3.org/2000/svg';

/** Draws what is in the model: sums of memory, the arena over time, the kernels with their text. */
export function showInside(panel: HTMLElement, bundle: Bundle): void {
  const { memory, kernels } = bundle.memoryPlan();
  panel.append(make('h2', '', 'Inside'), make('p', 'muted', `Compiled for “${bundle.model.profile}”.`));
  panel.append(
    table([
      ['Weights', bytes(memory.weight_bytes)],
      ['Keys and values', bytes(memory.state_bytes)],
      ['Arena', bytes(memory.arena_bytes)],
      ['Least possible arena', bytes(memory.arena_lower_bound_bytes)],
      ['Inputs and outputs', bytes(memory.other_bytes)],
      ['In all', bytes(memory.total_bytes)],
    ]),
  );
  for (const entry of ['prefill', 'step']) {
    const regions = memory.regions.filter((region) => region.entry_point === entry);
    if (regions.length > 0) {
      panel.append(
        make('h3', '', entry === 'prefill' ? 'The arena while a prompt is read' : 'The arena while a token is made'),
        drawing(regions),
      );
    }
  }
  panel.append(make('p', 'muted', 'From left to right the steps, from top to bottom the bytes: a box is a value’s place and life.'));
  panel.append(make('h3', '', `${kernels.length} kernels`));
  for (const kernel of kernels) {
    panel.append(source(bundle, kernel));
  }
}

function table(rows: ReadonlyArray<readonly [string, string]>): HTMLElement {
  const made = make('table');
  for (const [name, value] of rows) {
    const row = made.insertRow();
    row.insertCell().textContent = name;
    row.insertCell().textContent = value;
  }
  return made;
}

/** One entry point's values; the height is what this entry point takes of the arena. */
function drawing(regions: readonly MemoryRegion[]): SVGElement {
  const arena = Math.max(...regions.map((region) => region.offset + region.bytes));
  const steps = Math.max(...regions.map((region) => region.last_step)) + 1;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${regions.length} values in ${bytes(arena)} over ${steps} steps`);
  regions.forEach((region, index) => {
    const box = document.createElementNS(SVG, 'rect');
    const left = (region.first_step / steps) * WIDTH;
    const width = ((region.last_step + 1 - region.first_step) / steps) * WIDTH;
    box.setAttribute('x', left.toFixed(2));
    box.setAttribute('y', ((region.offset / arena) * HEIGHT).toFixed(2));
    box.setAttribute('width', Math.max(1, width).toFixed(2));
    box.setAttribute('height', Math.max(1, (region.bytes / arena) * HEIGHT).toFixed(2));
    box.setAttribute('fill', `oklch(0.68 0.13 ${(index * 47) % 360})`);
    const title = document.createElementNS(SVG, 'title');
    title.textContent =
      `${region.value}: ${bytes(region.bytes)} at ${region.offset}, ` +
      `steps ${region.first_step} to ${region.last_step}`;
    box.append(title);
    svg.append(box);
  });
  return svg;
}

function source(bundle: Bundle, kernel: string): HTMLElement {
  const details = make('details');
  details.append(make('summary', '', kernel));
  details.addEventListener(
    'toggle',
    () => {
      const text = make('pre', '', 'Loading …');
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
