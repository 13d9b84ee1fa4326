import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { existingToken } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { TOKEN_FIELDS, tokenJson } from '../../cli/token-view.ts'
import { disableToken } from '../../core/switch-token.ts'
import { named } from '../../core/called.ts'

export function tokenDisable(group: Group, app: App): void {
  const command = group
    .command('disable')
    .summary('stop tokens, until they are enabled again')
    .description('Stops a token, or several, until it is enabled again.')
    .argument('[token...]', 'token IDs or client names')
    .addOption(scope)
    .action(
      app.action((references) =>
        each(app, references, existingToken, async (context, reference) => {
          const { token, changed } = await consenting(app, (consent) =>
            disableToken(context, reference, consent),
          )
          return {
            data: { ...tokenJson(token, app.now()), changed },
            ...switched(
              changed,
              `disabled token ${token.id} of client ${named(token.client)}`,
              `token ${token.id} is disabled already`,
            ),
          }
        }),
      ),
    )
  addHelp(command, {
    json: { ...TOKEN_FIELDS, changed: 'false: it was disabled already' },
    examples: ['tokenctl token disable BI', 'tokenctl token disable tkc_7fQ2mWc01xYz JDBC --json'],
  })
}
