import { App } from '../../src/cli/app.ts'
import { programOf } from '../../src/commands/index.ts'
import { World } from './world.ts'

/** `client create`, … as the program has them. */
export function commandsOf(): string[] {
  const world = new World()
  const system = world.system()
  world.remove()
  const app = new App(system, () => Promise.reject(new Error('no store')))
  const program = programOf(app, { asked: '', unasked: '' })
  const shown = program.createHelp().visibleCommands(program)
  return shown.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command
          .createHelp()
          .visibleCommands(command)
          .map((verb) => `${command.name()} ${verb.name()}`),
  )
}
