# bash completion for oauthctl
_oauthctl() {
  COMPREPLY=()
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
    COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_BREAKS="$COMP_WORDBREAKS" command oauthctl __complete bash 2>/dev/null
  )
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]] && compopt -o nospace
  return 0
}
complete -o nosort -F _oauthctl oauthctl
