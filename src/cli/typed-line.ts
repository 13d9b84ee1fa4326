/**
 * A word as the program would be given it; null: only the shell knows, for it would put something else in its place
 * (`$NAME`, `*`, `{a,b}`, `~user`).
 */
export type TypedWord = string | null

/** A line that somebody is typing, up to the cursor. */
export interface TypedLine {
  /** What stands before the word at the cursor, without redirections. */
  readonly words: readonly TypedWord[]
  readonly current: TypedWord
  /** The word at the cursor as it is typed, quotes and all. */
  readonly raw: string
  /** It is where a redirection goes. */
  readonly isTarget: boolean
}

/** In the order in which they are tried. What none of them is, nobody but a shell should try to understand. */
const PIECE = new RegExp(
  [
    '(?<gap>[ \\t]+)',
    '(?<joint>\\\\\\n)',
    "'(?<single>[^']*)(?:'|$)",
    '"(?<double>(?:\\\\[^]|[^"\\\\])*)(?:"|$)',
    '\\\\(?<escaped>[^])',
    '(?<redirection>&?[0-9]*[<>]+[|&]?)',
    "(?<unknown>\\$'(?:\\\\[^]|[^'\\\\])*(?:'|$)|\\$(?!\\()|[*?[\\]{}])",
    '(?<plain>[^\\s\'"\\\\<>;|&()`$*?[\\]{}]+)',
  ].join('|'),
  'y',
)

/**
 * Splits as bash, zsh and fish do where they agree. It expands nothing but a `~/`, and evaluates nothing.
 * @param home what `~` stands for
 * @returns null for what would run something (`$(…)`, backticks), or is more than one command
 */
export function typedLine(line: string, home: string | undefined): TypedLine | null {
  let state: State = { words: [], word: null, isTarget: false }
  for (let at = 0; at < line.length;) {
    const piece = pieceAt(line, at)
    if (piece === null) return null
    state = after(state, piece, at, home)
    at += piece.length
  }
  const { text, start } = state.word ?? { text: '', start: line.length }
  return { words: state.words, current: text, raw: line.slice(start), isTarget: state.isTarget }
}

interface State {
  readonly words: readonly TypedWord[]
  readonly word: { readonly text: TypedWord; readonly start: number } | null
  readonly isTarget: boolean
}

function after(state: State, { groups }: Piece, at: number, home: string | undefined): State {
  if (groups.gap !== undefined) return ended(state)
  if (groups.redirection !== undefined) return { ...ended(state), isTarget: true }
  if (groups.joint !== undefined) return state
  const { text, start } = state.word ?? { text: '', start: at }
  const added = meaningOf(groups, at === start, home)
  return { ...state, word: { text: text === null || added === null ? null : text + added, start } }
}

function ended({ words, word, isTarget }: State): State {
  if (word === null) return { words, word, isTarget }
  return { words: isTarget ? words : [...words, word.text], word: null, isTarget: false }
}

interface Piece {
  readonly length: number
  readonly groups: Readonly<Partial<Record<string, string>>>
}

function pieceAt(line: string, at: number): Piece | null {
  PIECE.lastIndex = at
  const match = PIECE.exec(line)
  if (match?.groups === undefined) return null
  // In double quotes a shell still runs what it would run outside of them.
  return /`|\$\(/.test(match.groups.double ?? '') ? null : { length: match[0].length, groups: match.groups }
}

function meaningOf(
  { single, double, escaped, plain }: Piece['groups'],
  isFirst: boolean,
  home: string | undefined,
): TypedWord {
  if (double !== undefined) {
    return /(?<!\\)(\\\\)*\$/.test(double) ? null : double.replace(/\\(["\\$`])/g, '$1')
  }
  if (plain === undefined || !isFirst || !plain.startsWith('~')) return single ?? escaped ?? plain ?? null
  const isOwnHome = plain === '~' || plain.startsWith('~/')
  return isOwnHome && home !== undefined ? home + plain.slice(1) : null
}
