import { askGrantScope } from '../../cli/ask-scope.ts'
import type { App } from '../../cli/app.ts'
import { operatorName } from '../../cli/ask.ts'
import { grantedRole } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { newPassword } from '../../cli/new-password.ts'
import { grantText, OPERATOR_FIELDS, operatorJson } from '../../cli/operator-view.ts'
import { type Result, sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { grantScope } from '../../cli/scope-option.ts'
import { createOperator } from '../../core/create-operator.ts'
import { checkName, checkRoleName } from '../../core/name.ts'
import { parseUid } from '../../core/uid.ts'

interface Options {
  readonly role?: string | undefined
  readonly uid?: string | undefined
  readonly passwordStdin?: true | undefined
}

export function operatorCreate(group: Group, app: App): void {
  const command = group
    .command('create')
    .summary('make an operator')
    .description(
      'Makes an operator: a person who administers, with a role at a scope. In a file they are known by their user ID, a password, or both; in a database by a password.',
    )
    .argument('[name]', 'what the operator is called')
    .option('--role <role>', 'the role they get first')
    .addOption(grantScope)
    .option('--uid <uid>', 'the user ID by which they are known on this machine')
    .option('--password-stdin', 'read their password from standard input')
    .action(app.action((given, options) => create(app, given, options)))
  addHelp(command, {
    json: OPERATOR_FIELDS,
    examples: [
      'tokenctl operator create alice --role admin --uid 1001',
      'tokenctl operator create bob --role admin --scope acme/etl --password-stdin < password',
    ],
  })
}

async function create(app: App, given: string | undefined, options: Options): Promise<Result> {
  const uid = options.uid === undefined ? null : parseUid(options.uid)
  const name = checkName('operator', await operatorName(app, given))
  const role = checkRoleName(await grantedRole(app, options.role))
  await askGrantScope(app, options, 'operator grant')
  const fromStdin = options.passwordStdin === true
  const operator = await createOperator(await app.context(), { name, role, uid }, async () =>
    uid === null || fromStdin ? app.system.passwords.hash(await newPassword(app, fromStdin)) : null,
  )
  return {
    data: operatorJson(operator),
    text: sentence(`created operator ${operator.name}: ${operator.grants.map(grantText).join(', ')}`),
  }
}
