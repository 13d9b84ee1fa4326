import type { Commands } from './cli/run.ts'
import type { Stores } from './core/founding.ts'
import type { System } from './system.ts'
import { version } from './version.ts'

/**
 * One command line in, one exit code out (cli/exit-codes.ts). Never throws.
 * @param argv what follows the program's name
 */
export async function main(argv: readonly string[], system: System): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    try {
      await system.stdout.write(`${version}\n`)
      return 0
    } catch {
      // The long way round knows what to say about it.
    }
  }
  const { run } = await import('./cli/run.ts')
  const { programOf } = await import('./commands/index.ts')
  return run(argv, system, () => stores(system), { programOf, screen })
}

const screen: Commands['screen'] = async (app, commandLine) => {
  const { screen } = await import('./screen/screen.ts')
  return screen(app, commandLine)
}

/** SQLite is loaded when a store is wanted, and not for `--help`. */
async function stores(system: System): Promise<Stores> {
  const { storesOf } = await import('./store/stores.ts')
  return storesOf(system)
}
