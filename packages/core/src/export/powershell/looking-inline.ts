/** The PowerShell functions that look at inline policies: of users, groups and roles, and of permission sets. */
export const inlineFunctions = String.raw`
# Whether a user, group or role has this inline policy; what it says is in $Answer.
function Find-Inline([string] $HolderKind, [string] $Name, [string] $Policy) {
    if (Invoke-Aws @('iam', "get-$HolderKind-policy", "--$HolderKind-name=$Name", "--policy-name=$Policy",
            '--query', 'to_string(PolicyDocument)', '--output', 'text')) { return $true }
    if (-not $Failure.Contains('(NoSuchEntity)')) { Stop-Failed }
    return $false
}

# The inline policy is there and says what it said when this was planned.
function Test-SaysInline([string] $HolderKind, [string] $Name, [string] $Policy, [string] $Stored) {
    if (-not $Apply) { return $true }
    if (-not (Find-Inline $HolderKind $Name $Policy)) {
        Skip-Step 'gone already'
        return $false
    }
    if ($Answer -ceq $Stored) { return $true }
    Stop-Changed "the inline policy $Policy of $HolderKind $Name says something else now"
    return $false
}

# There is no inline policy of this name. What another one says is kept.
function Test-LacksInline([string] $HolderKind, [string] $Name, [string] $Policy, [string] $Stored) {
    if (-not $Apply -or -not (Find-Inline $HolderKind $Name $Policy)) { return $true }
    if ($Answer -ceq $Stored) { Skip-Step 'there already' }
    else { Stop-Changed "the inline policy $Policy of $HolderKind $Name is there and says something else" }
    return $false
}

# The permission set's inline policy is not this one yet, but still the one before it: others may write in it too.
# An empty document stands for none. White space is not compared.
function Test-NeedsInline([string] $Instance, [string] $Set, [string] $Wanted, [string] $Before) {
    if (-not $Apply) { return $true }
    Read-Aws @('sso-admin', 'get-inline-policy-for-permission-set', '--instance-arn', $Instance,
        '--permission-set-arn', $Set, '--query', 'InlinePolicy')
    $found = $Answer -replace '\s', ''
    if ($found -ceq 'None') { $found = '' }
    if ($found -ceq ($Wanted -replace '\s', '')) {
        Skip-Step 'so already'
        return $false
    }
    if ($found -cne ($Before -replace '\s', '')) {
        Stop-Changed "the inline policy of $Set is another one now"
        return $false
    }
    return $true
}
`
