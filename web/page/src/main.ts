// The page: loads the bundle that lies beside it, and talks with the model.
import { type Bundle, type Engine, openBundle, QuernError } from 'quern';
import { Conversation } from './conversation.js';
import { element } from './elements.js';
import { showInside } from './inside.js';
import { keepPage } from './offline.js';
import { Settings } from './settings.js';

const loading = element('loading', HTMLElement);
const bar = element('loading-bar', HTMLProgressElement);

/** Where the bundle lies: `?bundle=` for trying others, beside the page otherwise. */
const address = new URLSearchParams(location.search).get('bundle') ?? './bundle/';

const settings = new Settings(element('settings', HTMLElement));
panel('open-settings', 'settings');
panel('open-inside', 'inside');
element('theme', HTMLButtonElement).addEventListener('click', switchTheme);
restoreTheme();
void start();
void keepPage();

async function start(): Promise<void> {
  try {
    const bundle = await openBundle(address);
    document.title = `${bundle.model.name} – Quern`;
    element('model', HTMLElement).textContent = bundle.model.name;
    showPlan(bundle);
    const engine = await bundle.load({
      onProgress: ({ phase, loaded, total, text }) => {
        element('loading-text', HTMLElement).textContent =
          phase === 'weights' ? 'Bringing the weights to the device' : 'Compiling kernels';
        bar.max = total;
        bar.value = loaded;
        element('loading-detail', HTMLElement).textContent = text;
      },
    });
    ready(engine);
  } catch (problem) {
    refuse(problem);
  }
}

function showPlan(bundle: Bundle): void {
  showInside(element('inside', HTMLElement), bundle);
  element('open-inside', HTMLButtonElement).disabled = false;
}

function ready(engine: Engine): void {
  loading.hidden = true;
  const conversation = new Conversation(engine, settings);
  const fresh = element('new-chat', HTMLButtonElement);
  fresh.disabled = false;
  fresh.addEventListener('click', () => conversation.clear());
  addEventListener('pagehide', () => void engine.unload());
}

function refuse(problem: unknown): void {
  loading.classList.add('problem');
  loading.setAttribute('role', 'alert');
  bar.hidden = true;
  element('loading-text', HTMLElement).textContent = problem instanceof Error ? problem.message : String(problem);
  element('loading-detail', HTMLElement).textContent =
    problem instanceof QuernError && problem.kind === 'network' ? 'Reload the page to go on: what has come is kept.' : '';
}

/** A button that opens and closes a panel; only one is open. */
function panel(button: string, name: string): void {
  const opener = element(button, HTMLButtonElement);
  opener.addEventListener('click', () => {
    const open = element(name, HTMLElement).hidden;
    for (const each of document.querySelectorAll<HTMLElement>('aside')) {
      each.hidden = true;
    }
    for (const each of document.querySelectorAll('[aria-expanded]')) {
      each.setAttribute('aria-expanded', 'false');
    }
    element(name, HTMLElement).hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
  });
}

function switchTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const now = document.documentElement.dataset['theme'] ?? (dark ? 'dark' : 'light');
  const next = now === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = next;
  localStorage.setItem('quern-theme', next);
}

function restoreTheme(): void {
  const kept = localStorage.getItem('quern-theme');
  if (kept === 'dark' || kept === 'light') {
    document.documentElement.dataset['theme'] = kept;
  }
}
