# fish completion for oauthctl
function __oauthctl_complete
    set -l words (commandline -opc)
    command oauthctl __complete fish $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c oauthctl -f -a '(__oauthctl_complete)'
