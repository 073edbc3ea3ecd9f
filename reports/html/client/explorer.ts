import type { Finding } from '#model/report.js';
import { anchor, grouped } from '../text.js';
import { button, copyButton, el, isTyping, put } from './dom.js';
import { exportCsv, exportJson } from './exports.js';
import { Facets } from './facets.js';
import { changeOf, facetNames, Fields, groupNames, isField } from './fields.js';
import { filtered, prepareSearch, type Filtered } from './filter.js';
import { helpDialog } from './help.js';
import { VirtualList } from './list.js';
import { listing, Orders, sorts, type Group, type Listing } from './order.js';
import { groupCells, lineCells, Panel, type PanelContext } from './panel.js';
import { printedView } from './print.js';
import { formatQuery, toggled } from './query.js';
import { Search } from './search.js';
import type { Table } from './table.js';
import { countedFindings, fieldWords, filled, texts } from './texts.js';
import { formatHash, parseHash, wholeView, type View } from './view.js';

const words = texts.explorer;

/** The findings: filter, facets, list and the open one. What it shows follows from its view alone. */
export class Explorer {
  readonly element = el('div', { class: 'explorer' });
  readonly #table: Table;
  readonly #fields: Fields;
  readonly #orders: Orders;
  readonly #search: Search;
  readonly #facets: Facets;
  readonly #list = new VirtualList(words.list, [texts.heads.verdict, texts.heads.resource, words.finding, words.place]);
  readonly #panel = new Panel(() => this.#close());
  readonly #count = el('p', { id: 'count', role: 'status' });
  readonly #group: HTMLSelectElement;
  readonly #sort: HTMLSelectElement;
  readonly #help = helpDialog();
  readonly #accounts: ReadonlyMap<string, Table['head']['accounts'][number]>;
  #view: View = { ...wholeView, open: 'not shown yet' };
  #result: Filtered;
  #listing: Listing = { entries: new Int32Array(), groups: [] };
  #opened = new Set<string>();

  constructor(table: Table) {
    this.#table = table;
    this.#fields = new Fields(table, fieldWords);
    this.#orders = new Orders(table, this.#fields);
    this.#accounts = new Map(table.head.accounts.map((account) => [account.id, account]));
    this.#result = filtered(table, this.#fields, '', facetNames);
    this.#search = new Search(
      this.#fields,
      () => this.#result,
      (query) => this.#go({ query }),
    );
    this.#facets = new Facets(this.#fields, (field, value) =>
      this.#go({ query: formatQuery(toggled(this.#result.query, field, value)) }),
    );
    this.#group = choice(
      words.group,
      ['', ...groupNames],
      (value) => (value === '' ? words.noGroup : texts.fields[value].title.toLowerCase()),
      (group) => this.#go({ group }),
    );
    this.#sort = choice(
      words.sort,
      sorts,
      (value) => words.sorts[value],
      (sort) => this.#go({ sort: sort === 'worst' ? '' : sort }),
    );
    this.#build();
    document.addEventListener('keydown', (event) => this.#key(event));
    // When the first lines stand.
    setTimeout(() => prepareSearch(table), 100);
  }

  /** Shows what an address names; false: it is none of the findings. */
  follow(hash: string): boolean {
    const view = hash === '' ? wholeView : (parseHash(hash, isField) ?? this.#viewOfAnchor(hash.slice(1)));
    if (view === undefined) return false;
    this.#show(view);
    if (hash !== '') this.element.parentElement?.parentElement?.scrollIntoView({ block: 'start' });
    return true;
  }

  /** Links to the findings that are written out lead to the same ones here. */
  #viewOfAnchor(name: string): View | undefined {
    const { head } = this.#table;
    if (name.startsWith('f-')) {
      const id = this.#fields.get('id')?.values.find(({ value }) => anchor('f', value) === name)?.value;
      return id === undefined ? undefined : { ...wholeView, open: id };
    }
    if (name.startsWith('g-') || name.startsWith('r-')) {
      const rule = head.rules.find(({ id }) => anchor(name.slice(0, 1), id) === name);
      return rule && { ...wholeView, query: queryOf({ rule: rule.id }) };
    }
    if (name.startsWith('c-')) {
      const change = this.#fields.get('change')?.values.find(({ value }) => anchor('c', value) === name)?.value;
      return change === undefined ? undefined : { ...wholeView, query: queryOf({ change }) };
    }
    if (!name.startsWith('p-')) return undefined;
    for (let row = 0; row < this.#table.rows; row += 1) {
      const [rule, account, region] = (['rule', 'account', 'region'] as const).map((column) => this.#table.plain(row, column));
      if (anchor('p', rule ?? '', account ?? '', region ?? '') === name)
        return { ...wholeView, query: queryOf({ rule, account, region }) };
    }
    return undefined;
  }

  #build(): void {
    const { rows, total } = this.#table.head;
    const cut = rows < total ? filled(words.cut, { shown: grouped(rows), total: grouped(total) }) : '';
    const rowsShown = () => this.#orders.by(this.#view.sort || 'worst').filter((row) => this.#result.kept[row] === 1);
    put(
      this.element,
      cut === '' ? null : el('p', { class: 'warn' }, cut),
      el(
        'div',
        { class: 'tools', id: 'tools' },
        this.#search.element,
        button(words.clear, () => this.#go({ query: '' }), { id: 'clear' }),
        button(words.help, () => this.#help.showModal(), { 'aria-keyshortcuts': '?' }),
      ),
      el(
        'div',
        { class: 'tools second' },
        el('label', {}, `${words.group} `, this.#group),
        el('label', {}, `${words.sort} `, this.#sort),
        copyButton(() => new URL(formatHash(this.#view) || '#findings', location.href).href, texts.copyLink, words.copyView),
        button('CSV', () => void exportCsv(this.#table, rowsShown()), { 'aria-label': words.csv }),
        button('JSON', () => exportJson(this.#table, rowsShown(), this.#view.query), {
          'aria-label': words.json,
        }),
        this.#count,
      ),
      el(
        'div',
        { class: 'panes' },
        el(
          'details',
          { class: 'filters', open: matchMedia('(min-width:901px)').matches },
          el('summary', {}, texts.filter.facets),
          this.#facets.element,
        ),
        this.#list.element,
        this.#panel.element,
      ),
      this.#help,
      printedView(
        this.#table,
        () => ({ rows: rowsShown(), query: this.#view.query }),
        (finding) => this.#contextOf(finding),
      ),
    );
  }

  /** Goes to a view that differs in this, and says so in the address. */
  #go(change: Partial<View>): void {
    const view = { ...this.#view, ...change };
    const hash = formatHash(view);
    // Each letter that is typed would be a step back otherwise.
    if (hash !== formatHash(this.#view)) history.replaceState(null, '', hash === '' ? location.pathname + location.search : hash);
    this.#show(view);
  }

  #show(view: View): void {
    const before = this.#view;
    this.#view = view;
    const first = before.open === 'not shown yet';
    const other = first || before.query.trim() !== view.query.trim();
    if (other) {
      this.#result = filtered(this.#table, this.#fields, view.query, facetNames);
      this.#facets.show(this.#result);
    }
    if (before.group !== view.group) this.#opened = new Set();
    if (other || before.group !== view.group || before.sort !== view.sort) this.#arrange();
    this.#search.set(view.query.trim());
    this.#group.value = this.#fields.get(view.group) ? view.group : '';
    this.#sort.value = view.sort || 'worst';
    const { rows } = this.#table;
    const all = countedFindings(rows);
    const { count } = this.#result;
    this.#count.textContent = count === rows ? all : filled(words.count, { shown: grouped(count), all });
    if (view.open !== before.open || other) this.#open(view.open);
  }

  #arrange(active = 0): void {
    const { sort, group } = this.#view;
    const order = this.#orders.by((sorts as readonly string[]).includes(sort) ? sort : 'worst');
    this.#listing = listing(order, this.#result.kept, this.#fields.get(group), (value) => this.#opened.has(value));
    this.#list.show(
      { count: this.#listing.entries.length, draw: (at) => this.#draw(at), choose: (at) => this.#choose(at) },
      active,
    );
  }

  #draw(at: number): { cells: readonly HTMLElement[]; kind: string } {
    const row = this.#listing.entries[at] ?? 0;
    const group = this.#groupAt(at);
    if (group !== undefined) {
      const note = this.#noteOf(group);
      return { cells: groupCells(group.label, note, countedFindings(group.count), group.open), kind: 'group-line' };
    }
    const line = this.#table.line(row);
    const change = changeOf(this.#table.plain(row, 'change'));
    const changed = change === 'new' || change === 'worse' ? texts.changes[change] : null;
    const waived =
      line.waiver === null
        ? line.attestation === null
          ? null
          : words.attested
        : line.waiver.state === 'valid'
          ? words.waived
          : words.waiverExpired;
    const { open } = this.#view;
    return {
      cells: lineCells(line, this.#accounts.get(line.account)?.name ?? line.account, [waived, changed]),
      kind: open !== '' && this.#table.plain(row, 'id') === open ? 'open-line' : '',
    };
  }

  /** What stands beside the name of a group: the title of a rule, or what a query calls it where that is not just a word. */
  #noteOf({ value, label }: Group): string {
    const { group } = this.#view;
    if (group === 'rule') return this.#table.head.rules.find(({ id }) => id === value)?.title ?? '';
    const isWord = isField(group) && Object.hasOwn(fieldWords[group] ?? {}, value);
    return label === value || isWord ? '' : value;
  }

  #groupAt(at: number): Group | undefined {
    return this.#listing.groups[-1 - (this.#listing.entries[at] ?? 0)];
  }

  #choose(at: number): void {
    const group = this.#groupAt(at);
    if (group === undefined) {
      this.#go({ open: this.#table.plain(this.#listing.entries[at] ?? -1, 'id') });
      this.#panel.focus();
      return;
    }
    if (!this.#opened.delete(group.value)) this.#opened.add(group.value);
    this.#arrange(at);
    this.#list.activate(at);
  }

  #open(id: string): void {
    const row = id === '' ? -1 : this.#rowOf(id);
    if (row < 0) this.#panel.hide();
    else {
      const finding = this.#table.finding(row);
      this.#panel.show(finding, this.#contextOf(finding));
      const at = this.#listing.entries.indexOf(row);
      if (at >= 0) this.#list.activate(at, false);
    }
    this.element.classList.toggle('with-detail', row >= 0);
    this.#list.refresh();
  }

  #contextOf({ id, account: accountId, rule: ruleId, resource }: Finding): PanelContext {
    const { against, rememberedFrom, seen } = this.#table.head;
    const row = this.#rowOf(id);
    const account = this.#accounts.get(accountId);
    return {
      rule: this.#table.head.rules.find((rule) => rule.id === ruleId),
      account: account?.name ? `${account.name} (${accountId})` : accountId,
      path: account?.path ?? null,
      change: against === null || row < 0 ? null : { run: against, is: this.#table.plain(row, 'change') },
      rememberedFrom,
      seen: Object.hasOwn(seen, resource) ? (seen[resource] ?? []) : [],
      link: formatHash({ ...wholeView, open: id }),
    };
  }

  #rowOf(id: string): number {
    const { values, of } = this.#table.column('id');
    const at = values.indexOf(id);
    return at < 0 ? -1 : of.indexOf(at);
  }

  #close(): void {
    this.#go({ open: '' });
    this.#list.focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || this.#help.open) return;
    if (event.key === '/') this.#search.input.focus();
    else if (event.key === '?') this.#help.showModal();
    else if (event.key === 'Escape' && this.#panel.isOpen) this.#close();
    else if (event.key === 'j' || event.key === 'k') this.#step(event.key === 'j' ? 1 : -1);
    else return;
    event.preventDefault();
  }

  /** The next line; an open finding gives way to that of the next line. */
  #step(by: number): void {
    const wasOpen = this.#panel.isOpen;
    this.#list.move(by);
    if (wasOpen && this.#groupAt(this.#list.active) === undefined) {
      this.#go({ open: this.#table.plain(this.#listing.entries[this.#list.active] ?? -1, 'id') });
      this.#list.focus();
    }
  }
}

function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const terms = Object.entries(values).map(([field, value]) => ({ field, values: [value ?? ''], negated: false }));
  return formatQuery({ terms, words: [] });
}

function choice<Value extends string>(
  label: string,
  values: readonly Value[],
  titleOf: (value: Value) => string,
  chosen: (value: string) => void,
): HTMLSelectElement {
  const select = el(
    'select',
    { 'aria-label': label },
    values.map((value) => el('option', { value }, titleOf(value))),
  );
  select.addEventListener('change', () => chosen(select.value));
  return select;
}
