import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import { changedPassword } from '../../cli/new-password.ts'
import { OPERATOR_FIELDS, operatorJson } from '../../cli/operator-view.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { setPassword } from '../../core/set-password.ts'

export function operatorPasswd(group: Group, app: App): void {
  const command = group
    .command('passwd')
    .summary('set a password, your own by default')
    .description(
      "Sets an operator's password, and ends their sessions. Without the permission you may change your own: then your current password is asked for first; with --password-stdin it is the first line, and the new one the second.",
    )
    .argument('[operator]', 'whose password (default: your own)')
    .option('--password-stdin', 'read the new password from standard input')
    .action(
      app.action(async (name, { passwordStdin }) => {
        const { passwords } = app.system
        const { current, next } = changedPassword(app, passwordStdin === true)
        const context = { ...(await app.context()), passwords }
        const operator = await setPassword(context, name ?? null, {
          current,
          hash: async () => passwords.hash(await next()),
        })
        return {
          data: operatorJson(operator),
          text: sentence(`set the password of operator ${operator.name}`),
          notes: [`the sessions of ${operator.name} have ended, if there were any`],
        }
      }),
    )
  addHelp(command, {
    json: OPERATOR_FIELDS,
    examples: ['tokenctl operator passwd', 'tokenctl operator passwd alice --password-stdin < password'],
  })
}
