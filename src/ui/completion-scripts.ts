// The glue that each shell loads. It hands over what was typed and takes the offers as they are: nothing that it gets back is
// ever evaluated, so that a connection named `$(…)` stays a name. Splitting and quoting are done in TypeScript.
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

// The line is cut here because COMP_POINT counts characters of the shell's locale.
const bash = `# bash completion for oauthctl
_oauthctl() {
  COMPREPLY=()
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
    COMP_LINE="\${COMP_LINE:0:COMP_POINT}" COMP_BREAKS="$COMP_WORDBREAKS" command oauthctl __complete bash 2>/dev/null
  )
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=/:] ]] && compopt -o nospace
  return 0
}
complete -o nosort -F _oauthctl oauthctl
`;

// compadd quotes by itself; _describe would split names at colons.
const zsh = `#compdef oauthctl
_oauthctl() {
  local line value
  local -a values shown open openshown
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    if [[ $value == *[=/:] ]]; then
      open+=("$value") openshown+=("\${line/$'\\t'/  -- }")
    else
      values+=("$value") shown+=("\${line/$'\\t'/  -- }")
    fi
  done < <(command oauthctl __complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)
  (( $#values )) && compadd -l -d shown -a values
  (( $#open )) && compadd -S '' -l -d openshown -a open
  return 0
}
if [[ $funcstack[1] == _oauthctl ]]; then _oauthctl "$@"; else compdef _oauthctl oauthctl; fi
`;

const fish = `# fish completion for oauthctl
function __oauthctl_complete
    set -l words (commandline -opc)
    command oauthctl __complete fish $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c oauthctl -f -a '(__oauthctl_complete)'
`;

// By the environment: Windows PowerShell drops empty arguments and quotes in others.
const powershell = `# PowerShell completion for oauthctl
Register-ArgumentCompleter -Native -CommandName oauthctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or ($_.Extent.EndOffset -eq $cursorPosition -and $wordToComplete -eq '') } |
        ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    $env:OAUTHCTL_COMPLETE = ($words + $wordToComplete) -join "\`n"
    try {
        oauthctl __complete powershell 2>$null | ForEach-Object {
            $text, $list, $says = $_ -split "\`t", 3
            [System.Management.Automation.CompletionResult]::new($text, $list, 'ParameterValue', $says)
        }
    } finally {
        Remove-Item Env:OAUTHCTL_COMPLETE
    }
}
`;

/** `file`: its name in completions/, which is where each shell's packages expect it. */
export const completionScripts: Readonly<Record<Shell, { readonly file: string; readonly text: string }>> = {
  bash: { file: 'oauthctl.bash', text: bash },
  zsh: { file: '_oauthctl', text: zsh },
  fish: { file: 'oauthctl.fish', text: fish },
  powershell: { file: 'oauthctl.ps1', text: powershell },
};
