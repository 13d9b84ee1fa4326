import type { App } from '../../cli/app.ts'
import type { Group } from '../../cli/program.ts'
import { completionScript } from './script.ts'

/** The condition is what asks: only where it holds are there no files, and so one question answers both. */
const SCRIPT = `# Completion of tokenctl for fish. What is typed goes to tokenctl by standard input, and nothing of it is evaluated.
function __tokenctl_complete
    set --global __tokenctl_candidates
    command --query tokenctl; or return 0
    set __tokenctl_candidates (commandline --cut-at-cursor --current-process | command tokenctl __complete 2>/dev/null)
    test "$__tokenctl_candidates[1]" != :files
end
complete --command tokenctl --no-files --keep-order --condition __tokenctl_complete --arguments '$__tokenctl_candidates'
`

export function completionFish(group: Group, app: App): void {
  completionScript(group, app, {
    shell: 'fish',
    installing: 'To try it, source it; to keep it, save it in ~/.config/fish/completions.',
    script: SCRIPT,
    examples: [
      'tokenctl completion fish | source',
      'tokenctl completion fish > ~/.config/fish/completions/tokenctl.fish',
    ],
  })
}
