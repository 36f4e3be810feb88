/**
 * The PowerShell functions that look before a step writes: each answers whether the step is still to be done.
 * They write nothing but their answer; messages go to the host. In the printing mode they look at nothing and say yes.
 */
export const lookingFunctions = `
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

# The policy's default version is not this one yet, but still the one before it.
function Test-NeedsDefault([string] $Arn, [string] $Wanted, [string] $Before) {
    if (-not $Apply) { return $true }
    Find-Policy $Arn
    if ($Version -ceq $Wanted) {
        Skip-Step 'so already'
        return $false
    }
    if ($Before -and $Version -cne $Before) {
        Stop-Changed "the default version of $Arn is another one now"
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

# The profile does not act through this role yet, but still through the one before it. "None" follows its domain.
function Test-NeedsProfile([string] $Region, [string] $Domain, [string] $Name, [string] $Role, [string] $Before) {
    if (-not $Apply) { return $true }
    Read-Aws @('sagemaker', 'describe-user-profile', '--region', $Region, '--domain-id', $Domain,
        '--user-profile-name', $Name, '--query', 'UserSettings.ExecutionRole')
    if ($Answer -ceq $Role) {
        Skip-Step 'so already'
        return $false
    }
    if ($Answer -cne $Before -and $Answer -cne 'None') {
        Stop-Changed "the profile $Domain/$Name acts through $Answer now"
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

# SageMaker goes on with a change to a profile by itself; this looks how far it is, at most 8 times in one run.
function Wait-Profile([string] $Region, [string] $Domain, [string] $Name) {
    if (-not $Apply) { return }
    while ($script:LooksLeft -gt 0) {
        $script:LooksLeft--
        Read-Aws @('sagemaker', 'describe-user-profile', '--region', $Region, '--domain-id', $Domain,
            '--user-profile-name', $Name, '--query', 'Status')
        if ($Answer.EndsWith('Failed', [StringComparison]::Ordinal)) {
            $script:Failure = "SageMaker could not update the profile $Domain/$Name."
            Stop-Failed
        }
        if ($Answer -cne 'Updating') { return }
        Start-Sleep -Seconds 3
    }
    Write-Host 'still being updated; SageMaker goes on by itself'
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
