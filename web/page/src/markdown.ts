import { marked, type Token, type Tokens } from 'marked';
import { button, copying, make } from './elements.js';

/** So often at most an answer that is being written is shown anew. */
const EVERY_MS = 50;

/** Where a link may lead. */
const PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);

/**
 * An answer in Markdown, as elements. They are made one by one: no HTML of the model's is ever parsed (what looks like
 * it is text), nothing is loaded from anywhere, and links open elsewhere. While an answer grows only the blocks that
 * have changed are made again.
 */
export class MarkdownView {
  readonly #body: HTMLElement;
  #text = '';
  #blocks: Array<{ readonly raw: string; readonly shown: HTMLElement | undefined }> = [];
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(body: HTMLElement) {
    this.#body = body;
  }

  /** Shows a text soon: a few times a second, however often it grows. */
  grow(text: string): void {
    this.#text = text;
    this.#waiting ??= setTimeout(() => this.show(this.#text), EVERY_MS);
  }

  /** Shows a text now. */
  show(text: string): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#text = text;
    const blocks = blocksOf(text);
    let same = 0;
    // The last block may have grown in a way that its own text does not tell: a list becomes loose by what follows.
    while (same < Math.min(this.#blocks.length, blocks.length) - 1 && this.#blocks[same]!.raw === blocks[same]!.raw) {
      same++;
    }
    this.#blocks.splice(same).forEach(({ shown }) => shown?.remove());
    for (const block of blocks.slice(same)) {
      const shown = blockElement(block);
      if (shown) {
        this.#body.append(shown);
      }
      this.#blocks.push({ raw: block.raw, shown });
    }
  }
}

function blocksOf(text: string): Token[] {
  try {
    return marked.lexer(text, { gfm: true, breaks: true });
  } catch {
    // Nested deeper than can be followed: it is shown as it is.
    return [{ type: 'text', raw: text, text } satisfies Tokens.Text];
  }
}

function blockElement(token: Token): HTMLElement | undefined {
  switch (token.type) {
    case 'space':
    case 'def':
      return undefined;
    case 'heading': {
      const { depth, tokens } = token as Tokens.Heading;
      // The page has the first two levels.
      return withInline(make(`h${Math.min(6, depth + 2)}` as 'h3'), tokens);
    }
    case 'code':
      return codeBlock(token as Tokens.Code);
    case 'blockquote':
      return withBlocks(make('blockquote'), (token as Tokens.Blockquote).tokens);
    case 'list':
      return list(token as Tokens.List);
    case 'table':
      return table(token as Tokens.Table);
    case 'hr':
      return make('hr');
    case 'paragraph':
      return withInline(make('p'), (token as Tokens.Paragraph).tokens);
    default: {
      const { tokens, text, raw } = token as Tokens.Generic;
      return tokens ? withInline(make('p'), tokens) : make('p', 'plain', text ?? raw);
    }
  }
}

function withBlocks<T extends HTMLElement>(holder: T, tokens: readonly Token[]): T {
  holder.append(...tokens.map(blockElement).filter((made) => made !== undefined));
  return holder;
}

function codeBlock({ text, lang }: Tokens.Code): HTMLElement {
  const holder = make('div', 'code');
  const bar = make('div', 'code-bar');
  const copy = button('Copy', () => copying(copy, text));
  copy.setAttribute('aria-label', 'Copy the code');
  bar.append(make('span', '', /^\S*/.exec(lang ?? '')?.[0] ?? ''), copy);
  const code = make('pre');
  code.tabIndex = 0;
  code.append(make('code', '', text));
  holder.append(bar, code);
  return holder;
}

function list({ ordered, start, items }: Tokens.List): HTMLElement {
  const holder = make(ordered ? 'ol' : 'ul');
  if (ordered && typeof start === 'number' && start !== 1) {
    holder.setAttribute('start', String(start));
  }
  for (const item of items) {
    const row = make('li');
    if (item.task) {
      row.append(item.checked ? '☑ ' : '☐ ');
    }
    for (const token of item.tokens) {
      if (token.type === 'text' || (token.type === 'paragraph' && !item.loose)) {
        withInline(row, (token as Tokens.Text).tokens ?? [token]);
      } else if (token.type !== 'checkbox') {
        withBlocks(row, [token]);
      }
    }
    holder.append(row);
  }
  return holder;
}

function table({ header, rows, align }: Tokens.Table): HTMLElement {
  const made = make('table');
  const row = (cells: readonly Tokens.TableCell[], tag: 'th' | 'td') => {
    const line = make('tr');
    cells.forEach(({ tokens }, column) => {
      const cell = withInline(make(tag), tokens);
      cell.style.textAlign = align[column] ?? '';
      line.append(cell);
    });
    return line;
  };
  const head = make('thead');
  head.append(row(header, 'th'));
  const body = make('tbody');
  body.append(...rows.map((cells: readonly Tokens.TableCell[]) => row(cells, 'td')));
  made.append(head, body);
  const holder = make('div', 'table');
  holder.tabIndex = 0;
  holder.append(made);
  return holder;
}

function withInline<T extends HTMLElement>(holder: T, tokens: readonly Token[]): T {
  for (const token of tokens) {
    holder.append(inline(token));
  }
  return holder;
}

function inline(token: Token): Node | string {
  switch (token.type) {
    case 'strong':
      return withInline(make('strong'), (token as Tokens.Strong).tokens);
    case 'em':
      return withInline(make('em'), (token as Tokens.Em).tokens);
    case 'del':
      return withInline(make('del'), (token as Tokens.Del).tokens);
    case 'codespan':
      return make('code', '', (token as Tokens.Codespan).text);
    case 'br':
      return make('br');
    case 'escape':
      return (token as Tokens.Escape).text;
    case 'link': {
      const { href, tokens } = token as Tokens.Link;
      return link(href, (holder) => withInline(holder, tokens), token.raw);
    }
    case 'image': {
      // What it shows is not asked for: its server would learn of this page.
      const { href, text } = token as Tokens.Image;
      return link(href, (holder) => holder.append(text || href), token.raw);
    }
    case 'html':
      return /^<br\s*\/?>$/i.test(token.raw) ? make('br') : token.raw;
    default: {
      const { tokens, text, raw } = token as Tokens.Generic;
      return tokens ? withInline(make('span'), tokens) : withoutEntities(text ?? raw);
    }
  }
}

/** The few names of characters that people and models write. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: '\u00a0',
};

function withoutEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** A link, or the text that would be one where it leads to nothing that a page may open. */
function link(href: string, fill: (holder: HTMLAnchorElement) => void, raw: string): Node | string {
  if (!URL.canParse(href) || !PROTOCOLS.has(new URL(href).protocol)) {
    return raw;
  }
  const made = make('a');
  made.href = href;
  made.target = '_blank';
  made.rel = 'noopener noreferrer nofollow';
  made.title = href;
  fill(made);
  return made;
}
