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
    'pipe it in with --password-stdin',
  )
}
