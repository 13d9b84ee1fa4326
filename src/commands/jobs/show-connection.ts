import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import { disabledNote, JOBS_FIELDS, jobsJson } from '../../cli/jobs-view.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { showJobsConnection } from '../../core/shows.ts'

export function jobsShowConnection(group: Group, app: App): void {
  const command = group
    .command('show-connection')
    .summary('show the client that Jobs runs as')
    .description('Shows the client that Jobs runs as: its name on standard output, or nothing.')
    .action(
      app.action(async () => {
        const client = await showJobsConnection(await app.context())
        return {
          data: jobsJson(client),
          text: sentence(client?.name ?? ''),
          notes: client === null ? ['Jobs runs as no client'] : disabledNote(client),
        }
      }),
    )
  addHelp(command, {
    json: JOBS_FIELDS,
    examples: ['tokenctl jobs show-connection', "tokenctl jobs show-connection --json | jq -r '.client'"],
  })
}
