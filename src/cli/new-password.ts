import { checkPassword } from '../core/password.ts'
import { Problem } from '../core/problem.ts'
import type { App } from './app.ts'
import { required, secret } from './ask.ts'
import { readStdin } from './read-stdin.ts'

/** Longer than any password may be. */
const LONGEST_INPUT = 8192

/** A password somebody chooses: a line of standard input, or typed twice. @throws Problem `usage` */
export async function newPassword(app: App, fromStdin: boolean): Promise<string> {
  return checkPassword(fromStdin ? await readStdin(app, LONGEST_INPUT) : await typed(app))
}

/** A password that somebody has. @throws Problem `usage` where there is none */
export async function givenPassword(app: App, fromStdin: boolean, question = 'Password:'): Promise<string> {
  const password = fromStdin
    ? await readStdin(app, LONGEST_INPUT)
    : await required(app, undefined, 'a password', () => secret(app, question, () => {}), HINT)
  if (password !== '') return password
  throw new Problem('usage', 'no password was given', HINT)
}

const HINT = 'pipe it in with --password-stdin'

function typed(app: App): Promise<string> {
  return required(
    app,
    undefined,
    'a password',
    async () => {
      const password = await secret(app, 'Password:', checkPassword)
      await secret(app, 'Password again:', (again) => {
        if (again !== password) throw new Problem('usage', 'the two passwords differ')
      })
      return password
    },
    HINT,
  )
}
