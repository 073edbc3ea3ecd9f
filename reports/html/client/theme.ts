const themes = ['system', 'dark', 'light'];
const place = 'atrest-theme';

function stored(): string {
  try {
    return localStorage.getItem(place) ?? 'system';
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
  let theme = themes.includes(stored()) ? stored() : 'system';
  const apply = () => {
    root.classList.toggle('dark', theme === 'dark');
    root.classList.toggle('light', theme === 'light');
  };
  apply();
  return () => {
    const button = document.getElementById('theme');
    if (!button) return;
    const label = () => (button.textContent = `Theme: ${theme}`);
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
