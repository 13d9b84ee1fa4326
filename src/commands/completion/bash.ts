import type { App } from '../../cli/app.ts'
import type { Group } from '../../cli/program.ts'
import { completionScript } from './script.ts'

/**
 * The descriptions are shown in lists only, where bash inserts no more than what all candidates begin with (COMP_TYPE:
 * `?` after a second TAB, `!` and `@` where lists are shown at once); menu-complete would insert them.
 */
const SCRIPT = `# Completion of tokenctl for bash. What is typed goes to tokenctl by standard input, and nothing of it is evaluated.
_tokenctl() {
  local line width=0 lines=()
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ':files' ]]; then
      compopt -o default
      return
    fi
    lines+=("$line")
  done < <(printf '%s\\0%s' "\${COMP_LINE:0:COMP_POINT}" "$2" | command tokenctl __complete 2> /dev/null)

  COMPREPLY=("\${lines[@]%%$'\\t'*}")
  [[ \${#lines[@]} -gt 1 && $COMP_TYPE =~ ^(63|33|64)$ ]] || return 0
  for line in "\${COMPREPLY[@]}"; do
    if ((\${#line} > width)); then width=\${#line}; fi
  done
  COMPREPLY=()
  for line in "\${lines[@]}"; do
    if [[ $line == *$'\\t' ]]; then
      COMPREPLY+=("\${line%$'\\t'}")
    else
      printf -v line '%-*s  (%s)' "$width" "\${line%%$'\\t'*}" "\${line#*$'\\t'}"
      COMPREPLY+=("$line")
    fi
  done
}
complete -o nosort -F _tokenctl tokenctl
`

export function completionBash(group: Group, app: App): void {
  completionScript(group, app, {
    shell: 'bash',
    installing:
      'To try it, source it; to keep it, save it as tokenctl in ~/.local/share/bash-completion/completions, where the package bash-completion looks, or anywhere and source that in ~/.bashrc.',
    script: SCRIPT,
    examples: ['source <(tokenctl completion bash)', 'tokenctl completion bash > ~/.tokenctl.bash'],
  })
}
