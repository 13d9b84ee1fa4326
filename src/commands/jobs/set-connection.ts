import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { existingClient } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { disabledNote, JOBS_FIELDS, jobsJson } from '../../cli/jobs-view.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { setJobsConnection } from '../../core/jobs-connection.ts'
import { named } from '../../core/called.ts'

export function jobsSetConnection(group: Group, app: App): void {
  const command = group
    .command('set-connection')
    .summary('choose the client that Jobs runs as')
    .description('Chooses the client that Jobs runs as: from then on that one and no other.')
    .argument('[client]', "the client's name")
    .addOption(scope)
    .action(
      app.action(async (given) => {
        const name = await existingClient(app, given)
        const context = await app.context()
        const { client, previous, changed } = await consenting(app, (consent) =>
          setJobsConnection(context, name, consent),
        )
        const instead = previous === null ? '' : ` instead of ${named(previous)}`
        return {
          data: { ...jobsJson(client), previous: previous?.name ?? null, changed },
          text: sentence(changed ? `Jobs runs as client ${named(client)}${instead}` : ''),
          notes: [
            ...(changed ? [] : [`Jobs runs as client ${named(client)} already`]),
            ...disabledNote(client),
          ],
        }
      }),
    )
  addHelp(command, {
    json: {
      ...JOBS_FIELDS,
      previous: 'the client it ran as before, or null',
      changed: 'false: it was so already',
    },
    examples: ['tokenctl jobs set-connection nightly', 'tokenctl jobs set-connection nightly --force'],
  })
}
