import { foundingBy } from '../core/founding.ts'
import { Problem } from '../core/problem.ts'
import type { App } from '../cli/app.ts'
import { escaped } from '../cli/escape.ts'
import { addHelp } from '../cli/help.ts'
import type { Program } from '../cli/program.ts'

export function init(program: Program, app: App): void {
  const command = program
    .command('init')
    .summary('make a store')
    .description('Makes a store. You become its first clusteradmin.')
    .option('--token-prefix <prefix>', 'what its tokens begin with (default: tkc)')
    .action(
      app.action(async ({ tokenPrefix }) => {
        const { system } = app
        app.refuseToken()
        const founding = foundingBy(system.person, system, tokenPrefix)
        const { path } = await app.location()
        const made = await app.make(path, founding)
        if (!made) throw new Problem('conflict', `there is a store at ${path} already`)
        const { storeId: id, operator } = founding
        return {
          data: { path, id, tokenPrefix: founding.tokenPrefix, operator },
          text: () => `made the store ${escaped(path)}; ${operator} is its clusteradmin`,
        }
      }),
    )
  addHelp(command, {
    json: {
      path: 'where the store is',
      id: "the store's ID",
      tokenPrefix: 'what its tokens begin with',
      operator: 'its first clusteradmin',
    },
    examples: ['tokenctl init', 'tokenctl init --store /srv/tokens/tokenctl.db --token-prefix acme'],
  })
}
