/** What is written out in the page: links into it open what they lead to, and on paper everything is open. */
export function startStatic(): void {
  let closed: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const element of closed) element.open = true;
  });
  addEventListener('afterprint', () => {
    for (const element of closed) element.open = false;
  });
}

/** Brings an element that stands in the page into sight. */
export function reveal(id: string): void {
  const element = document.getElementById(id);
  for (let at: HTMLElement | null = element; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
  element?.scrollIntoView({ block: 'start' });
}

/** Figures of the grid lead to where an account's findings are counted; with an explorer, to the findings themselves. */
export function leadIntoExplorer(): void {
  const services = [...document.querySelectorAll('.grid thead th')].map(({ textContent }) => textContent);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.grid tbody a')) {
    const account = link.closest('tr')?.dataset['account'] ?? '';
    const service = services[link.closest('td')?.cellIndex ?? 0] ?? '';
    const verdict = link.matches('.unknown') ? { verdict: 'unknown' } : { verdict: 'fail', '-waiver': 'valid' };
    link.hash = new URLSearchParams({ ...verdict, account, service }).toString();
  }
}

/** What a key's going breaks is said once for all keys; where the script runs it stands with each key. */
export function spellOutLosses(): void {
  const head = document.querySelector('#losses + section thead');
  if (head === null) return;
  for (const losses of document.querySelectorAll('.losses')) {
    const rows = [...losses.querySelectorAll('a')].map((link) => {
      const row = document.getElementById(link.hash.slice(1))?.cloneNode(true) as HTMLElement;
      row.removeAttribute('id');
      row.firstElementChild?.replaceChildren(link.textContent);
      return row;
    });
    const body = document.createElement('tbody');
    body.append(...rows);
    const table = document.createElement('table');
    const said = document.createElement('caption');
    for (const link of losses.querySelectorAll('a')) link.remove();
    said.textContent = losses.textContent.replace(/[ ,]+$/, '');
    table.append(said, head.cloneNode(true), body);
    losses.replaceWith(table);
  }
}
