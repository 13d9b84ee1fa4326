import { Option } from '@commander-js/extra-typings'
import { Problem, reasonOf } from '../core/problem.ts'
import type { App } from './app.ts'
import { required } from './ask.ts'
import { refuseForAnother } from './for-another.ts'
import { readStdin } from './read-stdin.ts'
import { checkPath } from '../core/path.ts'

/** A token comes in by standard input, a file or a masked prompt: the same for every command that takes one. */
export const tokenFile = new Option('--file <path>', 'read the token from a file')

/** Far longer than any token: what is longer is none, and need not be read to its end. */
const LONGEST_TOKEN = 4096
/** Of a text in which a token was found. */
const LONGEST_TEXT = 1024 * 1024
/** Bytes beyond that: more than a newline has, which may be taken away. */
const NEWLINE = 3

/** What was presented, without the newline behind it. @throws Problem `usage` where there is nothing */
export async function readToken(app: App, file: string | undefined): Promise<string> {
  return given(await read(app, file, LONGEST_TOKEN))
}

/** As `readToken`, with whatever stands around it. @throws Problem `usage` where there is nothing, or so much that the token could be missed */
export async function readFoundToken(app: App, file: string | undefined): Promise<string> {
  const text = await read(app, file, LONGEST_TEXT + NEWLINE)
  if (Buffer.byteLength(text) <= LONGEST_TEXT) return given(text)
  throw new Problem('usage', 'that is too much text', 'give the part of it with the token, up to 1 MiB')
}

function given(text: string): string {
  const token = text.replace(/\r?\n$/, '')
  if (token !== '') return token
  throw new Problem('usage', 'no token was given', 'pipe it in, or name a file with --file')
}

async function read(app: App, file: string | undefined, limit: number): Promise<string> {
  const { system } = app
  if (file !== undefined) {
    refuseForAnother(system, '--file', 'pipe the token in')
    return fromFile(app, checkPath('--file', file), limit)
  }
  if (!system.stdin.isTerminal) return readStdin(app, limit)
  return required(app, undefined, 'a token', () => system.prompts.secret('Token:'))
}

function fromFile({ system }: App, path: string, limit: number): string {
  try {
    return system.files.read(path, limit)
  } catch (error) {
    throw new Problem('not-found', `cannot read ${path}: ${reasonOf(error)}`)
  }
}
