# PowerShell completion for oauthctl
Register-ArgumentCompleter -Native -CommandName oauthctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or ($_.Extent.EndOffset -eq $cursorPosition -and $wordToComplete -eq '') } |
        ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    $env:OAUTHCTL_COMPLETE = ($words + $wordToComplete) -join "`n"
    try {
        oauthctl __complete powershell 2>$null | ForEach-Object {
            $text, $list, $says = $_ -split "`t", 3
            [System.Management.Automation.CompletionResult]::new($text, $list, 'ParameterValue', $says)
        }
    } finally {
        Remove-Item Env:OAUTHCTL_COMPLETE
    }
}
