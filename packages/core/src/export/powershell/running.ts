/** The PowerShell functions that run steps. PowerShell 7.0: nothing that came later is relied on. */
export const runningFunctions = String.raw`
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
        $early = $Failure.Contains('(NoSuchEntity)') -or $Failure -match '\(ValidationException\).*role'
        if ($Unless -or $SentCount -eq 0 -or -not $early) { break }
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
`
