/**
 * The page's only script; its hash stands in the page's policy. Everything can be read without it: it filters, opens,
 * follows links to findings and sets the theme, by `hidden`, `open`, classes and textContent alone.
 */
export const script = String.raw`
'use strict';
(() => {
const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const themes = ['system', 'dark', 'light'];
const stored = (value) => {
  try {
    if (value === undefined) return localStorage.getItem('atrest-theme');
    localStorage.setItem('atrest-theme', value);
  } catch { /* storage may be blocked, as for files in some browsers: the theme is then not remembered */ }
  return null;
};
let theme = stored();
if (!themes.includes(theme)) theme = 'system';
const applyTheme = () => {
  root.classList.toggle('dark', theme === 'dark');
  root.classList.toggle('light', theme === 'light');
};
applyTheme();

function themeButton() {
  const button = document.getElementById('theme');
  const label = () => { button.textContent = 'Theme: ' + theme; };
  label();
  button.hidden = false;
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    stored(theme);
    applyTheme();
    label();
  });
}

function findingsTools() {
  const tools = document.getElementById('tools');
  if (!tools) return () => {};
  const input = document.getElementById('filter');
  const count = document.getElementById('count');
  const expand = document.getElementById('expand');
  const toggles = all('.toggle', tools);
  const groups = all('.group').map((group) => {
    const head = group.querySelector('summary').textContent;
    const places = all('.place', group).map((place) => {
      const where = place.querySelector('h4').textContent;
      const findings = all('.f', place).map((element) => ({ element, where: head + ' ' + where + ' ', text: undefined }));
      return { element: place, findings };
    });
    return { element: group, wasOpen: group.open, places };
  });
  const total = all('.f').length;
  const matches = (finding, words, off) => {
    const { v, s } = finding.element.dataset;
    if (off.has('v:' + v) || off.has('s:' + s)) return false;
    if (words.length === 0) return true;
    finding.text ??= (finding.where + finding.element.textContent).toLowerCase();
    return words.every((word) => finding.text.includes(word));
  };
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const off = new Set(toggles.filter((t) => t.getAttribute('aria-pressed') === 'false')
      .map((t) => (t.dataset.verdict ? 'v:' + t.dataset.verdict : 's:' + t.dataset.severity)));
    let shown = 0;
    for (const group of groups) {
      let inGroup = 0;
      for (const place of group.places) {
        let here = 0;
        for (const finding of place.findings) {
          const on = matches(finding, words, off);
          if (finding.element.hidden === on) finding.element.hidden = !on;
          if (on) here += 1;
        }
        place.element.hidden = here === 0;
        inGroup += here;
      }
      group.element.hidden = inGroup === 0;
      if (words.length > 0 && inGroup > 0) group.element.open = true;
      shown += inGroup;
    }
    count.textContent = (shown === total ? '' : shown.toLocaleString('en') + ' of ') + total.toLocaleString('en') + (total === 1 ? ' finding' : ' findings');
  };
  let timer;
  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 80); });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { input.value = ''; apply(); }
    if (event.key === 'Enter') { clearTimeout(timer); apply(); }
  });
  for (const toggle of toggles) toggle.addEventListener('click', () => {
    toggle.setAttribute('aria-pressed', String(toggle.getAttribute('aria-pressed') === 'false'));
    apply();
  });
  expand.addEventListener('click', () => {
    const open = expand.getAttribute('aria-pressed') === 'false';
    expand.setAttribute('aria-pressed', String(open));
    for (const group of groups) group.element.open = open || group.wasOpen;
    for (const element of all('.f')) element.open = open;
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
  tools.hidden = false;
  apply();
  return () => {
    input.value = '';
    for (const toggle of toggles) toggle.setAttribute('aria-pressed', 'true');
    apply();
  };
}

function follow(clear) {
  const element = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!element) return;
  if (element.closest('[hidden]')) clear();
  for (let at = element; at; at = at.parentElement) if (at.localName === 'details') at.open = true;
  element.scrollIntoView({ block: 'start' });
}

function printing() {
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = all('details:not([open])');
    for (const element of closed) element.open = true;
  });
  addEventListener('afterprint', () => { for (const element of closed) element.open = false; });
}

document.addEventListener('DOMContentLoaded', () => {
  themeButton();
  const clear = findingsTools();
  printing();
  addEventListener('hashchange', () => follow(clear));
  // The same link a second time changes no hash.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (link && link.hash === location.hash) follow(clear);
  });
  if (location.hash) follow(clear);
});
})();
`.trim();
