import { checkNewPassword } from '../core/password.ts'
import { Problem } from '../core/problem.ts'
import type { App } from './app.ts'
import { required, secret } from './ask.ts'
import { readStdin } from './read-stdin.ts'

/** Longer than any password may be, and than two of them. */
const LONGEST_INPUT = 16_384

const HINT = 'pipe it in with --password-stdin'

/** A password somebody chooses: a line of standard input, or typed twice. @throws Problem `usage` */
export async function newPassword(app: App, fromStdin: boolean): Promise<string> {
  return checkNewPassword(fromStdin ? await readStdin(app, LONGEST_INPUT) : await typedTwice(app, 'Password'))
}

/** A password that somebody has. @throws Problem `usage` where there is none */
export async function givenPassword(app: App, fromStdin: boolean): Promise<string> {
  return given(fromStdin ? await readStdin(app, LONGEST_INPUT) : await typed(app, 'Password:'))
}

interface ChangedPassword {
  readonly current: () => Promise<string>
  readonly next: () => Promise<string>
}

/** One that is to take the place of another, which is only asked for where it is wanted: then it comes first. */
export function changedPassword(app: App, fromStdin: boolean): ChangedPassword {
  if (!fromStdin) {
    return {
      current: async () => given(await typed(app, 'Current password:')),
      next: async () => checkNewPassword(await typedTwice(app, 'New password')),
    }
  }
  const input = readOnce(() => readStdin(app, LONGEST_INPUT))
  let lead = ''
  return {
    async current() {
      const [line = ''] = (await input()).split('\n')
      lead = `${line}\n`
      return given(line.replace(/\r$/, ''))
    },
    async next() {
      const rest = (await input()).slice(lead.length)
      if (rest !== '' || lead === '') return checkNewPassword(rest)
      throw new Problem(
        'usage',
        'the new password is missing',
        'the current password is the first line, and the new one the second',
      )
    },
  }
}

function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null
  return () => (reading ??= read())
}

function given(password: string): string {
  if (password !== '') return password
  throw new Problem('usage', 'no password was given', HINT)
}

const typed = (app: App, question: string): Promise<string> =>
  required(app, undefined, 'a password', () => secret(app, question, () => {}), HINT)

function typedTwice(app: App, what: string): Promise<string> {
  return required(
    app,
    undefined,
    'a password',
    async () => {
      const password = await secret(app, `${what}:`, checkNewPassword)
      await secret(app, `${what} again:`, (again) => {
        if (again !== password) throw new Problem('usage', 'the two passwords differ')
      })
      return password
    },
    HINT,
  )
}
