import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import { addListOptions, listInput, type ListOptions, formOf } from '../../cli/list-options.ts'
import type { Group } from '../../cli/program.ts'
import { TOKEN_COLUMNS, TOKEN_FIELDS, tokenJson } from '../../cli/token-view.ts'
import { listTokens } from '../../core/lists.ts'
import { checkClientName } from '../../core/name.ts'
import { TOKEN_STATUSES } from '../../core/token-status.ts'

interface Options extends ListOptions {
  readonly client?: string | undefined
  readonly neverExpires?: true | undefined
  readonly neverUsed?: true | undefined
  readonly mine?: true | undefined
}

export function tokenList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the tokens')
    .description('Lists the tokens: ID, description, status, created, expires, last used.')
    .option('--client <client>', 'tokens of the client of that name, at any scope')
    .option('--never-expires', 'the current secret has no end')
    .option('--never-used', 'never verified')
    .option('--mine', 'only your own personal tokens')
  addListOptions(command, 'tokens', "the client's name, the ID or the description", TOKEN_STATUSES).action(
    app.action(async (options: Options) => {
      const client = options.client === undefined ? null : checkClientName(options.client)
      const input = {
        ...listInput(app, options, TOKEN_STATUSES),
        client,
        neverExpires: options.neverExpires === true,
        neverUsed: options.neverUsed === true,
        mine: options.mine === true,
      }
      const rows = await listTokens(await app.context(), input)
      const now = app.now()
      return {
        rows,
        json: (token) => tokenJson(token, now),
        columns: TOKEN_COLUMNS,
        ...formOf(options),
      }
    }),
  )
  addHelp(command, {
    json: TOKEN_FIELDS,
    examples: [
      'tokenctl token list --search dashboards --status expired',
      'tokenctl token list --expires-within 30d --fail-if-any',
      "tokenctl token list --unused-for 90d --json-lines | jq -r '.id'",
    ],
  })
}
