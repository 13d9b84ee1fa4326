import type { System } from '../system.ts'

/** Whether the terminal can draw with more than ASCII. The locale is found as the C library finds it: the first that is not empty. */
export function canDraw({ environment }: Pick<System, 'environment'>): boolean {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = environment
  const locale = [LC_ALL, LC_CTYPE, LANG].find(Boolean) ?? ''
  return TERM !== 'dumb' && /\butf-?8\b/i.test(locale)
}
