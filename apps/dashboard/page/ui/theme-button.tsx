import { useState } from 'preact/hooks';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
/** A half disc for the system's choice, a sun, a moon. */
const SHAPES: Readonly<Record<Theme, string>> = {
  system: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.500v11a5.500 5.500 0 0 1 0-11Z',
  light:
    'M8 4.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7ZM7.200 0h1.600v3H7.200Zm0 13h1.600v3H7.200ZM0 7.200h3v1.600H0Zm13 0h3v1.600h-3Z',
  dark: 'M6 1a7 7 0 1 0 9 9A6 6 0 0 1 6 1Z',
};
const KEY = 'compliance-theme';

/** The stored theme. A browser may refuse storage to a page that is opened as a file. */
const storedTheme = (): Theme => {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
};

const apply = (theme: Theme): void => {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
};

export const applyStoredTheme = (): void => apply(storedTheme());

export const ThemeButton = () => {
  const [theme, setTheme] = useState(storedTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const change = () => {
    apply(next);
    setTheme(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // It then lasts as long as the page.
    }
  };
  return (
    <button
      type="button"
      class="quiet theme"
      onClick={change}
      aria-label={`Theme: ${theme}. Change to ${next}.`}
      title={`Theme: ${theme}`}
    >
      <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
        <path d={SHAPES[theme]} />
      </svg>
    </button>
  );
};
