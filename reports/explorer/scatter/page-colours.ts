// The page's colours as the browser shows them now: light or dark.
import type { PageColours } from './scatter.ts';

const darkScheme = () => matchMedia('(prefers-color-scheme: dark)');

export const isDark = (): boolean => darkScheme().matches;

export function onSchemeChange(listener: () => void): void {
  darkScheme().addEventListener('change', listener);
}

export function pageColours(): PageColours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return { paper: colour('--card'), ink: colour('--ink'), accent: colour('--accent') };
}
