import { codeOf, Problem, reasonOf } from '../core/problem.ts'
import type { Millis } from '../core/model.ts'
import { withoutSecrets } from '../core/token-format.ts'
import type { System } from '../system.ts'
import { escaped, escapedLines, safeJson } from './escape.ts'

/** How an answer is to look. */
export interface Style {
  /** Aligned, relative times, perhaps colours; otherwise tabs and RFC 3339. */
  readonly forPeople: boolean
  readonly color: boolean
  readonly columns: number
  readonly now: Millis
}

/** What a command gives back; one place prints it. */
export interface Result {
  /** Under `--json`; undefined: the answer has been printed already, by the delivery of a secret. */
  readonly data?: unknown
  /** For people and pipes, without the last newline. */
  readonly text?: (style: Style) => string | Promise<string>
  /** Remarks, on stderr. */
  readonly notes?: readonly string[]
  readonly exitCode?: number
}

/** An answer of one line, in which names may stand as they come. */
export function sentence(text: string): () => string {
  return () => escaped(text)
}

/** What a switch says: what it did, or as a note that it was so already. */
export function switched(
  changed: boolean,
  done: string,
  already: string,
): Required<Pick<Result, 'text' | 'notes'>> {
  return { text: sentence(changed ? done : ''), notes: changed ? [] : [already] }
}

export type Answer = Required<Pick<Result, 'data' | 'text'>>

export async function rendered(answer: Answer, style: Style, json: boolean): Promise<string> {
  const text = json ? safeJson(answer.data) : escapedLines(await answer.text(style))
  return text === '' ? '' : `${text}\n`
}

/** A reader that has had enough (`| head`) is no failure. @returns whether there may be more */
export async function printAnswer(system: System, text: string): Promise<boolean> {
  try {
    await system.stdout.write(text)
    return true
  } catch (error) {
    if (codeOf(error) === 'EPIPE') return false
    throw new Problem('not-written', `done, but the answer could not be written: ${reasonOf(error)}`)
  }
}

export async function printNotes(system: System, notes: readonly string[]): Promise<void> {
  for (const note of notes) await printRemark(system, escaped(note))
}

/** To stderr, which may be closed or full: there is nowhere left to complain. */
export async function printRemark(system: System, line: string): Promise<void> {
  try {
    await system.stderr.write(`${withoutSecrets(line)}\n`)
  } catch {
    // see above
  }
}
