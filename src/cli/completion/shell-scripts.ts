/**
 * Scripts that complete the words of `jarcast` in a shell. They ask the program, with
 * `jarcast __complete -- WORDS…`, which prints `word TAB description` in each line, and last
 * `:files` where file names may stand.
 */
export const completeCommand = '__complete'

export const shells = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof shells)[number]

export const shellScripts: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of jarcast. In ~/.bashrc: source <(jarcast completion bash)
_jarcast() {
  local line words=()
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ':files' ]; then
      compopt -o default 2>/dev/null
      words=()
      mapfile -t words < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
      COMPREPLY+=("\${words[@]}")
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o nosort -F _jarcast jarcast
`,
  zsh: `#compdef jarcast
# zsh completion of jarcast. In ~/.zshrc, after compinit: source <(jarcast completion zsh)
_jarcast() {
  local line files=0
  local -a items
  while IFS= read -r line; do
    if [[ $line == ':files' ]]; then
      files=1
    else
      items+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <("$words[1]" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#items} )) && _describe jarcast items
  (( files )) && _files
  return 0
}
compdef _jarcast jarcast
`,
  fish: `# fish completion of jarcast. In ~/.config/fish/completions/jarcast.fish: jarcast completion fish | source
function __jarcast_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] __complete -- $words[2..-1] 2>/dev/null)
    if test "$line" = ':files'
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c jarcast -f -a '(__jarcast_complete)'
`,
}
