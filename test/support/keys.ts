/** What a terminal sends for a key. */
export const CTRL_C = '\u0003'
export const CTRL_D = '\u0004'
export const CTRL_U = '\u0015'
export const ENTER = '\r'
export const ESC = '\u001b'
export const UP = '\u001b[A'
export const DOWN = '\u001b[B'
export const PAGE_DOWN = '\u001b[6~'
