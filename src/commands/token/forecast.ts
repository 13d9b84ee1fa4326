import { Option } from '@commander-js/extra-typings'
import type { App } from '../../cli/app.ts'
import { among } from '../../cli/choices.ts'
import { FINDINGS } from '../../cli/exit-codes.ts'
import { duesOf, KINDS } from '../../cli/forecast-kinds.ts'
import { FORECAST_FIELDS, forecastJson, forecastText } from '../../cli/forecast-view.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { listScope } from '../../cli/scope-option.ts'
import { forecast } from '../../core/forecast.ts'
import { checkRoleName } from '../../core/name.ts'

export function tokenForecast(group: Group, app: App): void {
  const command = group
    .command('forecast')
    .summary('show what expires when, and what falls due')
    .description(
      'Shows how many tokens expire in each week of the next 90 days (UTC). Then it names what falls due: tokens that expire within 14 days, never expire, are unused for 90 days, or were never used.',
    )
    .option('--role <role>', 'tokens of that role')
    .addOption(listScope)
    .addOption(
      among(
        new Option(
          '--fail-if-any [kinds]',
          `exit 20 if anything falls due, for monitoring; or only if one of these does: ${KINDS.join(',')}`,
        ).argParser((kinds: string, earlier: string | true | undefined) =>
          earlier === undefined || earlier === true ? (earlier ?? kinds) : `${earlier},${kinds}`,
        ),
        KINDS,
      ),
    )
    .action(
      app.action(async ({ role: given, failIfAny }) => {
        const role = given === undefined ? null : checkRoleName(given)
        const watched = duesOf(failIfAny)
        const context = await app.context()
        const asked = { role, scope: context.scope }
        const seen = await forecast(context, asked)
        const isAnyDue = watched.some((name) => seen.due[name].tokens > 0)
        const block = app.system.environment.TERM === 'dumb' ? '#' : '█'
        return {
          data: forecastJson(seen, seen.from),
          text: (style) => forecastText(style, seen, asked, block),
          exitCode: isAnyDue ? FINDINGS : 0,
        }
      }),
    )
  addHelp(command, {
    json: FORECAST_FIELDS,
    examples: [
      'tokenctl token forecast --scope acme',
      'tokenctl token forecast --fail-if-any expiring,unused',
      "tokenctl token forecast --json | jq -r '.expiring.first[].id'",
    ],
  })
}
