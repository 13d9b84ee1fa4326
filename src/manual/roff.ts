/** What roff would obey, or the typesetter beautify, by the names under which it stands for itself (groff_char(7)). */
const NAMES: Readonly<Record<string, string>> = {
  '\\': '\\(rs',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '…': '...',
}

/** An option in the middle of prose, or `-1`. */
const OPTION = /(?<![\w-])-+[\w-]+/g

/** Prose, in which `backticks` stand around what is typed. */
export function prose(text: string): string {
  const inTurn = [inWords, (piece: string) => bold(piece)]
  return text
    .split('`')
    .map((piece, i) => inTurn[i % 2]?.(piece))
    .join('')
}

/** What is typed: each hyphen is a minus, which can be searched for and copied. */
export const typed = (text: string): string => escaped(text).replaceAll('-', '\\-')

export const bold = (text: string): string => `\\fB${typed(text)}\\fR`

export const italic = (text: string): string => `\\fI${typed(text)}\\fR`

/** Options and operands: `-y, --yes`, `--store <place>`, `[name...]`. What is typed is bold, what stands for something italic. */
export const operands = (text: string): string =>
  text.replace(/(-+[\w-]+)|<([^>]*)>|([\w-]+)/g, (_, option?: string, value?: string, word = '') =>
    option === undefined ? italic(value ?? (word as string)) : bold(option),
  )

/** A line of text: one that began with a dot or a quote would be a macro. */
export const line = (roff: string): string => (/^[.']/.test(roff) ? `\\&${roff}` : roff)

/** A macro with one argument, blanks and all. */
export const macro = (name: string, roff: string): string => `.${name} "${roff}"`

const inWords = (text: string): string =>
  escaped(text).replace(OPTION, (option) => option.replaceAll('-', '\\-'))

const escaped = (text: string): string =>
  text.replace(/[\\'"`^~]|[^\x20-\x7e]/gu, (character) => NAMES[character] ?? byNumber(character))

const byNumber = (character: string): string =>
  `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
