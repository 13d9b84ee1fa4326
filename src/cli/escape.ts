/** Control (C0, C1), format (bidi, zero width), invisible and separator characters, but for what emoji are made with. */
const UNSAFE = /(?![\u200d\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{DI}\p{Zl}\p{Zp}]/gu

/** What came from outside, fit for a terminal and for one line: `\u{1b}` instead of ESC. */
export function escaped(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

/**
 * The same for lines that are ours, whose parts from outside are escaped already: newlines, tabs, colours (SGR) and moves
 * to a column of the same line (CHA) stay.
 */
export function escapedLines(text: string): string {
  return text.replace(
    /(\n|\t|\u001b\[[0-9;]*m|\u001b\[[1-9][0-9]*G)|([^])/gu,
    (_, ours?: string, other = '') => ours ?? escaped(other as string),
  )
}

/** JSON, still the same value, in which nothing a terminal obeys is left raw. */
export function safeJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(UNSAFE, (character) =>
    character === '\n'
      ? character
      : Array.from({ length: character.length }, (_, i) => unicodeEscape(character.charCodeAt(i))).join(''),
  )
}

const unicodeEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`
