import type { App } from '../../cli/app.ts'
import { disabledToken } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { stoppedNotes, TOKEN_FIELDS, tokenJson } from '../../cli/token-view.ts'
import { scope } from '../../cli/scope-option.ts'
import { enableToken } from '../../core/switch-token.ts'
import { named } from '../../core/called.ts'

export function tokenEnable(group: Group, app: App): void {
  const command = group
    .command('enable')
    .summary('let disabled tokens work again')
    .description(
      'Lets a disabled token, or several, work again. While its client is disabled it still does not.',
    )
    .argument('[token...]', 'token IDs or client names')
    .addOption(scope)
    .action(
      app.action((references) =>
        each(app, references, disabledToken, async (context, reference) => {
          const { token, changed } = await enableToken(context, reference)
          const { text, notes } = switched(
            changed,
            `enabled token ${token.id} of client ${named(token.client)}`,
            `token ${token.id} is enabled already`,
          )
          return {
            data: { ...tokenJson(token, app.now()), changed },
            text,
            notes: [...notes, ...stoppedNotes(token)],
          }
        }),
      ),
    )
  addHelp(command, {
    json: { ...TOKEN_FIELDS, changed: 'false: it was enabled already' },
    examples: ['tokenctl token enable BI', 'tokenctl token enable tkc_7fQ2mWc01xYz JDBC'],
  })
}
