import type { App } from '../../cli/app.ts'
import type { Group } from '../../cli/program.ts'
import { completionScript } from './script.ts'

/** Read as a file of fpath, its body is the function's first call; sourced, it only says what it is for. */
const SCRIPT = `#compdef tokenctl
# Completion of tokenctl for zsh. What is typed goes to tokenctl by standard input, and nothing of it is evaluated.
_tokenctl() {
  local line value
  local -a lines candidates
  while IFS= read -r line; do
    lines+=("$line")
  done < <(print -rn -- "\${(j: :)words[1,CURRENT-1]} $QIPREFIX$IPREFIX$PREFIX" | command tokenctl __complete 2> /dev/null)

  if [[ $lines[1] == ':files' ]]; then
    compset -P '--[a-z-]##='
    _files
    return
  fi
  for line in $lines; do
    value=\${line%%$'\\t'*}
    candidates+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe -V tokenctl candidates -M 'm:{a-zA-Z}={A-Za-z}'
}

if [[ $funcstack[1] == _tokenctl ]]; then
  _tokenctl "$@"
else
  compdef _tokenctl tokenctl
fi
`

export function completionZsh(group: Group, app: App): void {
  completionScript(group, app, {
    shell: 'zsh',
    installing:
      'To try it, source it, after compinit; to keep it, save it as _tokenctl in a folder of fpath, or source it in ~/.zshrc.',
    script: SCRIPT,
    examples: ['source <(tokenctl completion zsh)', 'tokenctl completion zsh > ~/.zsh/completions/_tokenctl'],
  })
}
