/**
 * The PowerShell functions that run steps. Looks write nothing but their answer; messages go to the host.
 * PowerShell 7.0: nothing that came later is relied on.
 */
export const powershellFunctions = String.raw`
function Invoke-Main {
    $script:Scratch = Join-Path ([IO.Path]::GetTempPath()) "mlflow-iam-$([guid]::NewGuid())"
    New-Item -ItemType Directory -Path $Scratch | Out-Null
    $script:ErrorFile = Join-Path $Scratch 'error'
    try {
        Assert-Account
        if ($Apply -and $ReadsPolicies) { Read-Policies }
        Invoke-AllSteps
        if ($Apply) {
            Write-Host "${'`'}nFinished: $SentCount calls sent, $SkippedCount of $Total steps skipped."
        }
        else {
            Write-Host "${'`'}n# Nothing was sent. To send these commands: pwsh $PSCommandPath -Apply"
        }
    }
    finally {
        Remove-Item -Recurse -Force -LiteralPath $Scratch
    }
}

# Ends the run when signed in to another account than the plan was made for.
function Assert-Account {
    if (-not (Get-Command aws -CommandType Application -ErrorAction SilentlyContinue)) {
        Stop-Run 5 'The AWS CLI (aws) was not found. Install it, then run this again.'
    }
    if (-not (Invoke-Aws @('sts', 'get-caller-identity', '--query', '[Account,Arn]', '--output', 'text'))) {
        if ($Apply) { Stop-Run 5 "Not signed in to AWS. $Failure" }
        [Console]::Error.WriteLine('Not signed in to AWS, so the account was not checked.')
        return
    }
    $account, $caller = $Answer -split "${'`'}t"
    if ($account -cne $ExpectedAccount) {
        Stop-Run 3 "This is for account $ExpectedAccount, but you are signed in to $account as $caller."
    }
    if (-not $caller.StartsWith("arn:${'$'}{ExpectedPartition}:", [StringComparison]::Ordinal)) {
        Stop-Run 3 "This is for the partition $ExpectedPartition, but you are signed in as $caller."
    }
    Write-Host "# Account $account, as $caller."
}

function Start-Step([int] $Number, [string] $Says) {
    $script:Step = $Number
    Write-Host "${'`'}n# Step $Number of ${'$'}{Total}: $Says"
}

# Prints the command, or runs it; any error ends the run, but for the code that means there is nothing to do.
# AWS may take seconds to see what this run has just made.
function Send-Aws([string[]] $Words, [string] $Unless = '', [string] $Says = '') {
    if (-not $Apply) {
        Show-Command $Words
        if ($Unless) { return $true } else { return }
    }
    foreach ($try in 1..6) {
        if (Invoke-Aws $Words) {
            $script:SentCount++
            Write-Host 'done'
            if ($Unless) { return $true } else { return }
        }
        if ($Unless -and $Failure.Contains("($Unless)")) {
            Skip-Step $Says
            return $false
        }
        if ($Unless -or $SentCount -eq 0 -or -not $Failure.Contains('(NoSuchEntity)')) { break }
        Start-Sleep -Seconds 3
    }
    Stop-Failed
}

# Runs the AWS CLI; its answer is in $Answer, its complaint in $Failure. Says whether it worked.
function Invoke-Aws([string[]] $Words) {
    $passed = @(foreach ($word in $Words) { ConvertTo-Passed $word })
    $output = & aws @passed 2> $ErrorFile
    $worked = $LASTEXITCODE -eq 0
    $script:Answer = $output -join "${'`'}n"
    $script:Failure = if ($worked) { '' } else { [IO.File]::ReadAllText($ErrorFile) }
    return $worked
}

# Words with quotes go to the AWS CLI in a file: before 7.3, PowerShell passes such words on without their quotes.
function ConvertTo-Passed([string] $Word) {
    if ($Word -ne '' -and $Word -notmatch '["\\\r\n]') { return $Word }
    $path = Join-Path $Scratch ([guid]::NewGuid())
    [IO.File]::WriteAllText($path, $Word)
    return "file://$path"
}

# Reads from AWS into $Answer; any error ends the run.
function Read-Aws([string[]] $Words) {
    if (-not (Invoke-Aws ($Words + '--output' + 'text'))) { Stop-Failed }
}

# A document as the AWS CLI prints it with to_string(): without the white space between its parts.
function ConvertTo-Stored([string] $Document) {
    $lines = foreach ($line in $Document -split "${'`'}r?${'`'}n") {
        $line -creplace '^ *', '' -creplace '^("(?:[^"\\]|\\.)*":) ', '$1'
    }
    return $lines -join ''
}

# Prints a command as PowerShell reads it back.
function Show-Command([string[]] $Words) {
    $text = 'aws'
    foreach ($word in $Words) {
        $text += if ($word.StartsWith('--')) { " ${'``'}${'`'}n  " } else { ' ' }
        $text += if ($word -cmatch '\A[A-Za-z0-9_./:=%+-]+\z') { $word }
        else { "'" + ($word -replace "['\u2018-\u201b]", '$0$0') + "'" }
    }
    Write-Host $text
}

function Skip-Step([string] $Says) {
    $script:SkippedCount++
    Write-Host $Says
}

function Stop-Failed {
    Stop-Run 8 "Step $Step of $Total failed, and nothing after it was sent. Run it again to go on from there.${'`'}n$Failure"
}

# The account is no longer as it was planned for: apply.ps1 ends here, rollback.ps1 leaves the thing alone.
function Stop-Changed([string] $What) {
    if ($Kind -eq 'rollback') {
        Skip-Step "LEFT AS IT IS: $What"
        return
    }
    Stop-Run 7 "Step $Step of ${'$'}{Total}: $What. Nothing from this step on was sent. Make a new plan."
}

function Stop-Run([int] $Code, [string] $Message) {
    [Console]::Error.WriteLine($Message)
    exit $Code
}

# One read of all policies, before the first step, serves every step.
function Read-Policies {
    Read-Aws @('iam', 'list-policies', '--scope', 'Local', '--path-prefix', $PolicyPath,
        '--query', 'Policies[].[Arn,DefaultVersionId,AttachmentCount]')
    foreach ($line in $Answer -split "${'`'}r?${'`'}n") {
        $arn, $version, $held = $line -split "${'`'}t"
        if ($arn) { $script:Policies[$arn] = @{ Version = $version; Held = [int] $held } }
    }
}

# Sets $Version to the default version of a policy; empty when there was no such policy.
function Find-Policy([string] $Arn) {
    $script:Version = if ($Policies.ContainsKey($Arn)) { $Policies[$Arn].Version } else { '' }
}

# Whether the default version is exactly this document.
function Test-PolicySays([string] $Arn, [string] $Stored) {
    Read-Aws @('iam', 'get-policy-version', '--policy-arn', $Arn, '--version-id', $Version,
        '--query', 'to_string(PolicyVersion.Document)')
    return $Answer -ceq $Stored
}

# There is no such policy yet. Another document under its name ends the run.
function Test-NeedsPolicy([string] $Arn, [string] $Stored) {
    if (-not $Apply) { return $true }
    Find-Policy $Arn
    if (-not $Version) {
        $script:Attached[$Arn] = @()
        return $true
    }
    if (Test-PolicySays $Arn $Stored) { Skip-Step 'there already' }
    else { Stop-Changed "the policy $Arn is there already, with another document" }
    return $false
}

# The policy does not say this yet. $Before was its default version when it was planned.
function Test-NeedsVersion([string] $Arn, [string] $Stored, [string] $Before) {
    if (-not $Apply) { return $true }
    Find-Policy $Arn
    if (-not $Version) {
        Stop-Changed "the policy $Arn is gone"
        return $false
    }
    if (Test-PolicySays $Arn $Stored) {
        Skip-Step 'so already'
        return $false
    }
    if ($Before -and $Version -cne $Before) {
        Stop-Changed "the policy $Arn has the default version $Version now, and had $Before when this was planned"
        return $false
    }
    return $true
}

# Reads a role's ARN, owner mark and trust into $Answer; says whether the role is there.
function Read-Role([string] $Name) {
    $query = "Role.[Arn,Tags[?Key=='mlflow-iam:grants'].Value|[0],to_string(AssumeRolePolicyDocument)]"
    if (Invoke-Aws @('iam', 'get-role', "--role-name=$Name", '--query', $query, '--output', 'text')) { return $true }
    if (-not $Failure.Contains('(NoSuchEntity)')) { Stop-Failed }
    return $false
}

# There is no such role yet. Another one of its name ends the run.
function Test-NeedsRole([string] $Name, [string] $Arn, [string] $Owner, [string] $Stored) {
    if (-not $Apply -or -not (Read-Role $Name)) { return $true }
    if ($Answer -ceq (@($Arn, $Owner, $Stored) -join "${'`'}t")) { Skip-Step 'there already' }
    else { Stop-Changed "the role $Name is there already, and differs" }
    return $false
}

# The role does not have this trust policy yet, but still the one before it.
function Test-NeedsTrust([string] $Name, [string] $Stored, [string] $Before) {
    if (-not $Apply) { return $true }
    if (-not (Read-Role $Name)) { Stop-Failed }
    $trust = ($Answer -split "${'`'}t", 3)[2]
    if ($trust -ceq $Stored) {
        Skip-Step 'so already'
        return $false
    }
    if ($Before -and $trust -cne $Before) {
        Stop-Changed "the trust policy of $Name is another one now"
        return $false
    }
    return $true
}

# The policy is not attached yet. One read of a policy serves all its steps.
function Test-NeedsAttachment([string] $Arn, [string] $HolderKind, [string] $Name) {
    if (-not $Apply) { return $true }
    if (-not $Attached.ContainsKey($Arn)) {
        Read-Aws @('iam', 'list-entities-for-policy', '--policy-arn', $Arn, '--query',
            "[PolicyUsers[].['user',UserName],PolicyGroups[].['group',GroupName],PolicyRoles[].['role',RoleName]][]")
        $script:Attached[$Arn] = @($Answer -split "${'`'}r?${'`'}n")
    }
    if ($Attached[$Arn] -ccontains "$HolderKind${'`'}t$Name") {
        Skip-Step 'attached already'
        return $false
    }
    return $true
}

# The policy is there and still says what apply.ps1 wrote.
function Test-MadeByUs([string] $Arn, [string] $Stored) {
    $script:Version = ''
    if (-not $Apply) { return $true }
    Find-Policy $Arn
    if (-not $Version) {
        Skip-Step 'not there'
        return $false
    }
    if (Test-PolicySays $Arn $Stored) { return $true }
    Skip-Step 'LEFT AS IT IS: the document is not the one that apply.ps1 wrote'
    return $false
}

function Add-Detached([string] $Arn) {
    $script:Detached += $Arn
}

# Nothing holds the policy any more, apart from what this run has detached.
function Test-Unused([string] $Arn) {
    if (-not $Apply) { return $true }
    $ours = @($Detached | Where-Object { $_ -ceq $Arn }).Count
    if ($Policies[$Arn].Held -le $ours) { return $true }
    Skip-Step 'LEFT AS IT IS: attached to others since'
    return $false
}

# The role is there and still as apply.ps1 made it.
function Test-RoleIsOurs([string] $Name, [string] $Arn, [string] $Owner, [string] $Stored) {
    if (-not $Apply) { return $true }
    if (-not (Read-Role $Name)) {
        Skip-Step 'not there'
        return $false
    }
    if ($Answer -ceq (@($Arn, $Owner, $Stored) -join "${'`'}t")) { return $true }
    Skip-Step 'LEFT AS IT IS: the role is not as apply.ps1 made it'
    return $false
}

# The role still has the trust policy that apply.ps1 wrote.
function Test-TrustIsOurs([string] $Name, [string] $Stored) {
    if (-not $Apply) { return $true }
    if (-not (Read-Role $Name)) {
        Skip-Step 'not there'
        return $false
    }
    if (($Answer -split "${'`'}t", 3)[2] -ceq $Stored) { return $true }
    Skip-Step 'LEFT AS IT IS: the trust policy is not the one that apply.ps1 wrote'
    return $false
}

# Identity Center carries a change into accounts by itself; this looks how far it is, at most 8 times in one run.
function Wait-Provisioning([string] $Instance) {
    if (-not $Apply) { return }
    $request = $Answer
    while ($script:LooksLeft -gt 0) {
        $script:LooksLeft--
        Start-Sleep -Seconds 3
        Read-Aws @('sso-admin', 'describe-permission-set-provisioning-status', '--instance-arn', $Instance,
            '--provision-permission-set-request-id', $request, '--query', 'PermissionSetProvisioningStatus.Status')
        if ($Answer -ceq 'SUCCEEDED') { return }
        if ($Answer -ceq 'FAILED') {
            $script:Failure = 'Identity Center could not provision the permission set.'
            Stop-Failed
        }
    }
    Write-Host 'still being provisioned; Identity Center goes on by itself'
}
`
