import type { App } from '../../cli/app.ts'
import { required, text } from '../../cli/ask.ts'
import { existingToken } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { TOKEN_FIELDS, tokenJson } from '../../cli/token-view.ts'
import type { Token } from '../../core/model.ts'
import { checkDescription } from '../../core/name.ts'
import { updateToken } from '../../core/update-token.ts'
import { named } from '../../core/called.ts'

export function tokenUpdate(group: Group, app: App): void {
  const command = group
    .command('update')
    .summary('change what a token is described as')
    .description(
      'Changes the description of a token. When it expires belongs to its secret: token regenerate --expires.',
    )
    .argument('[token]', 'token ID or client name')
    .addOption(scope)
    .option('--description <text>', 'what the token is for')
    .option('--no-description', 'leave it without one')
    .action(
      app.action(async (given, options) => {
        if (typeof options.description === 'string') checkDescription(options.description)
        const reference = await existingToken(app, given)
        const description = await wanted(app, options.description)
        const { token, changed } = await updateToken(await app.context(), reference, description)
        return {
          data: { ...tokenJson(token, app.now()), changed },
          ...switched(changed, updated(token), already(token)),
        }
      }),
    )
  addHelp(command, {
    json: { ...TOKEN_FIELDS, changed: 'false: it was so already' },
    examples: [
      "tokenctl token update BI --description 'sales dashboards'",
      'tokenctl token update tkc_7fQ2mWc01xYz --no-description',
    ],
  })
}

/** @param given false: none */
async function wanted(app: App, given: string | boolean | undefined): Promise<string | null> {
  if (given === false) return null
  const description = typeof given === 'string' ? given : undefined
  return required(app, description, '--description', () => text(app, 'Description:', checkDescription))
}

const updated = ({ id, client }: Token): string => `updated token ${id} of client ${named(client)}`

const already = ({ id, description }: Token): string =>
  description === null ? `token ${id} has no description already` : `token ${id} is described so already`
