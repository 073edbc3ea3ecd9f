import { filled, texts } from './texts.js';

const themes = ['system', 'dark', 'light'] as const;
type Theme = (typeof themes)[number];
const place = 'atrest-theme';

function stored(): Theme {
  try {
    const kept = localStorage.getItem(place);
    return themes.find((theme) => theme === kept) ?? 'system';
  } catch {
    return 'system'; // Storage may be blocked, as for files in some browsers: the theme is then not remembered.
  }
}

function store(theme: string): void {
  try {
    localStorage.setItem(place, theme);
  } catch {
    return; // As above.
  }
}

/** Sets the theme that was chosen before, at once; the button that chooses comes with the page. */
export function startTheme(): () => void {
  const root = document.documentElement;
  let theme = stored();
  const apply = () => {
    root.classList.toggle('dark', theme === 'dark');
    root.classList.toggle('light', theme === 'light');
  };
  apply();
  return () => {
    const button = document.getElementById('theme');
    if (!button) return;
    const label = () => (button.textContent = filled(texts.theme, { name: texts.themes[theme] }));
    label();
    button.hidden = false;
    button.addEventListener('click', () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
      store(theme);
      apply();
      label();
    });
  };
}
