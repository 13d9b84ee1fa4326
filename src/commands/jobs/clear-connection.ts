import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { addHelp } from '../../cli/help.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { clearJobsConnection } from '../../core/jobs-connection.ts'
import { named } from '../../core/called.ts'

export function jobsClearConnection(group: Group, app: App): void {
  const command = group
    .command('clear-connection')
    .summary('let Jobs run as no client')
    .description('Lets Jobs run as no client.')
    .action(
      app.action(async () => {
        const context = await app.context()
        const { previous, changed } = await consenting(app, (consent) =>
          clearJobsConnection(context, consent),
        )
        return {
          data: { previous: previous?.name ?? null, changed },
          ...switched(
            changed,
            `Jobs no longer runs as client ${previous === null ? '' : named(previous)}`,
            'Jobs runs as no client already',
          ),
        }
      }),
    )
  addHelp(command, {
    json: { previous: 'the client it ran as before, or null', changed: 'false: it was so already' },
    examples: ['tokenctl jobs clear-connection', 'tokenctl jobs clear-connection --force'],
  })
}
