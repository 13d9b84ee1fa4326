/** Follows each piece below: what stands before it in an output, and is obeyed by a terminal, is theirs and not ours. */
export const MARK = '§'

/** What a terminal obeys, what makes lines and columns, and what cannot be seen. No slash: they are names of files, too. */
const PIECES = {
  colours: '\u001b[35;7m',
  'our own colour': '\u001b[32m',
  'a move to a column': '\u001b[41G',
  'a move up': '\u001b[2A\u001b[2K',
  'the clipboard': '\u001b]52;c;aGFja2Vk\u0007',
  'a link': '\u001b]8;;mailto:x\u001b\\',
  'the title': '\u001b]0;hacked\u0007',
  'another screen': '\u001b[?1049h',
  'a reset': '\u001bc',
  C1: '\u009b31m',
  'a C1 string': '\u009d0;hacked\u009c',
  newline: '\n',
  'carriage return': '\r',
  'both of them': '\r\n',
  tab: '\t',
  bell: '\u0007',
  backspace: '\b\b\b',
  delete: '\u007f',
  NUL: '\0',
  'next line': '\u0085',
  'vertical tab, form feed': '\v\f',
  'right to left': '\u202e\u200f',
  isolates: '\u2067\u2069',
  'zero width': '\u200b\u2060\ufeff',
  invisible: '\u00ad\u3164\u{e0041}',
  'line and paragraph separators': '\u2028\u2029',
  'a lone surrogate': '\ud800',
  'half of an emoji': '\udc69',
  undecodable: '\ufffd',
  'an error like ours': '\ntokenctl: ',
  'a hint like ours': '\nhint: ',
  'an error like ours on the same line': '\u001b[1Gtokenctl: ',
} as const

/** A text that begins harmlessly, each piece in it with the mark behind it. */
const textOf = (pieces: readonly string[]): string =>
  `x${MARK}${pieces.map((piece) => piece + MARK).join('')}`

export const EVERYTHING = textOf(Object.values(PIECES))

/** All of it in texts that are short enough to be repeated whole in an error, and to be names of files. */
export const SHORT_TEXTS: readonly string[] = Object.values(PIECES)
  .reduce<string[][]>((texts, piece) => {
    const last = texts.at(-1)
    if (last === undefined || last.length === 4) texts.push([piece])
    else last.push(piece)
    return texts
  }, [])
  .map(textOf)

/** Visible and as wide, with nothing in it that anything obeys: where the one stands as it should, so does the other. */
export const harmlessTwin = (text: string): string =>
  text.replace(UNSAFE, (character) => `_u{${(character.codePointAt(0) ?? 0).toString(16)}}`)

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const SEQUENCE_OR_UNSAFE = RegExp(`\\u001b\\[[0-9;?]*[A-Za-z]|${UNSAFE.source}`, 'gu')

/** All that is not simply seen, in its order: lines, columns, colours, moves, and whatever else there is. */
export const controlsIn = (output: string): readonly string[] => output.match(SEQUENCE_OR_UNSAFE) ?? []

/** Newlines and tabs, the colours there are, moves to a column, a secret to the clipboard: but for those that a mark shows to be theirs. */
const OURS = RegExp(
  `[\\n\\t](?!(?:tokenctl: |hint: )?${MARK})|\\u001b\\[(?:(?:3[1236]|39|90)m|[1-9][0-9]*G)(?!(?:tokenctl: )?${MARK})|\\u001b\\]52;c;[A-Za-z0-9+/=]+\\u0007(?!${MARK})`,
  'g',
)

/** What of it is theirs, and raw. */
export const leaksIn = (output: string): readonly string[] => controlsIn(output.replace(OURS, ''))
