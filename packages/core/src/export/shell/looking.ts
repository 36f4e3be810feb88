/**
 * The bash functions that look before a step writes: each answers whether the step is still to be done.
 * In the printing mode they look at nothing and say yes.
 */
export const lookingFunctions: Readonly<Record<string, string>> = {
  read_policies: `
# One read of all policies, before the first step, serves every step.
read_policies() {
  if [ "$mode" = print ]; then return; fi
  ask iam list-policies --scope Local --path-prefix "$policy_path" \\
    --query 'Policies[].[Arn,DefaultVersionId,AttachmentCount]'
  policies=$answer
}`,

  find_policy: `
# Sets "version" to the default version of a policy; empty when there was no such policy.
find_policy() {
  version=''
  local arn id
  while IFS=$'\\t' read -r arn id _; do
    if [ "$arn" = "$1" ]; then version=$id; fi
  done <<<"$policies"
}`,

  policy_says: `
# policy_says ARN DOCUMENT: whether the default version is exactly this document.
policy_says() {
  ask iam get-policy-version --policy-arn "$1" --version-id "$version" \\
    --query 'to_string(PolicyVersion.Document)'
  [ "$answer" = "$2" ]
}`,

  needs_policy: `
# needs_policy ARN DOCUMENT: there is no such policy yet. Another document under its name ends the run.
needs_policy() {
  [ "$mode" = apply ] || return 0
  find_policy "$1"
  if [ -z "$version" ]; then
    looked_at="$looked_at $1 "
    return 0
  fi
  policy_says "$1" "$2" || changed "the policy $1 is there already, with another document" || return 1
  skip 'there already'
  return 1
}`,

  needs_version: `
# needs_version ARN DOCUMENT VERSION: the policy does not say this yet. VERSION was its default when it was planned.
needs_version() {
  [ "$mode" = apply ] || return 0
  find_policy "$1"
  [ -n "$version" ] || changed "the policy $1 is gone" || return 1
  if policy_says "$1" "$2"; then
    skip 'so already'
    return 1
  fi
  [ -z "$3" ] || [ "$version" = "$3" ] ||
    changed "the policy $1 has the default version $version now, and had $3 when this was planned"
}`,

  needs_default: `
# needs_default ARN VERSION BEFORE: the policy's default version is not this one yet, but still the one before it.
needs_default() {
  [ "$mode" = apply ] || return 0
  find_policy "$1"
  if [ "$version" = "$2" ]; then
    skip 'so already'
    return 1
  fi
  [ -z "$3" ] || [ "$version" = "$3" ] || changed "the default version of $1 is another one now"
}`,

  needs_role: `
# needs_role NAME ARN OWNER TRUST: there is no such role yet. Another one of its name ends the run.
needs_role() {
  [ "$mode" = apply ] || return 0
  local tab=$'\\t'
  if ! attempt aws iam get-role --role-name="$1" --output text \\
    --query "Role.[Arn,Tags[?Key=='mlflow-iam:grants'].Value|[0],to_string(AssumeRolePolicyDocument)]"; then
    case "$failure" in
      *'(NoSuchEntity)'*) return 0 ;;
      *) fail ;;
    esac
  fi
  [ "$answer" = "$2$tab$3$tab$4" ] || changed "the role $1 is there already, and differs" || return 1
  skip 'there already'
  return 1
}`,

  needs_trust: `
# needs_trust NAME TRUST BEFORE: the role does not have this trust policy yet, but still the one before it.
needs_trust() {
  [ "$mode" = apply ] || return 0
  ask iam get-role --role-name="$1" --query 'to_string(Role.AssumeRolePolicyDocument)'
  if [ "$answer" = "$2" ]; then
    skip 'so already'
    return 1
  fi
  [ -z "$3" ] || [ "$answer" = "$3" ] || changed "the trust policy of $1 is another one now"
}`,

  needs_attachment: `
# needs_attachment POLICY_ARN KIND NAME: the policy is not attached yet. One read of a policy serves all its steps.
needs_attachment() {
  [ "$mode" = apply ] || return 0
  case "$looked_at" in
    *" $1 "*) ;;
    *)
      ask iam list-entities-for-policy --policy-arn "$1" --query \\
        "[PolicyUsers[].['user',UserName],PolicyGroups[].['group',GroupName],PolicyRoles[].['role',RoleName]][]"
      looked_at="$looked_at $1 "
      local kind name
      while IFS=$'\\t' read -r kind name; do
        attached="$attached $1 $kind $name "
      done <<<"$answer"
      ;;
  esac
  case "$attached" in
    *" $1 $2 $3 "*) skip 'attached already' && return 1 ;;
  esac
}`,

  needs_profile: `
# needs_profile REGION DOMAIN NAME ROLE BEFORE: the profile does not act through this role yet, but still through the
# one before it. "None" is a profile that follows its domain.
needs_profile() {
  [ "$mode" = apply ] || return 0
  ask sagemaker describe-user-profile --region "$1" --domain-id "$2" --user-profile-name "$3" \\
    --query UserSettings.ExecutionRole
  if [ "$answer" = "$4" ]; then
    skip 'so already'
    return 1
  fi
  case "$answer" in
    "$5" | None) ;;
    *) changed "the profile $2/$3 acts through $answer now" ;;
  esac
}`,

  made_by_us: `
# made_by_us ARN DOCUMENT: the policy is there and still says what apply.sh wrote.
made_by_us() {
  [ "$mode" = apply ] || return 0
  find_policy "$1"
  if [ -z "$version" ]; then
    skip 'not there'
    return 1
  fi
  policy_says "$1" "$2" && return
  skip 'LEFT AS IT IS: the document is not the one that apply.sh wrote'
  return 1
}`,

  unused: `
# unused ARN: nothing holds the policy any more, apart from what this run has detached.
unused() {
  [ "$mode" = apply ] || return 0
  local arn count held=0
  while IFS=$'\\t' read -r arn _ count; do
    if [ "$arn" = "$1" ]; then held=$count; fi
  done <<<"$policies"
  for arn in $detached; do
    if [ "$arn" = "$1" ]; then held=$((held - 1)); fi
  done
  [ "$held" -gt 0 ] || return 0
  skip 'LEFT AS IT IS: attached to others since'
  return 1
}`,

  remember_detached: `
remember_detached() {
  detached="$detached $1"
}`,

  role_is_ours: `
# role_is_ours NAME ARN OWNER TRUST: the role is there and still as apply.sh made it.
role_is_ours() {
  [ "$mode" = apply ] || return 0
  local tab=$'\\t'
  if ! attempt aws iam get-role --role-name="$1" --output text \\
    --query "Role.[Arn,Tags[?Key=='mlflow-iam:grants'].Value|[0],to_string(AssumeRolePolicyDocument)]"; then
    case "$failure" in
      *'(NoSuchEntity)'*) skip 'not there' && return 1 ;;
      *) fail ;;
    esac
  fi
  [ "$answer" = "$2$tab$3$tab$4" ] && return
  skip 'LEFT AS IT IS: the role is not as apply.sh made it'
  return 1
}`,

  trust_is_ours: `
# trust_is_ours NAME TRUST: the role still has the trust policy that apply.sh wrote.
trust_is_ours() {
  [ "$mode" = apply ] || return 0
  if ! attempt aws iam get-role --role-name="$1" --output text --query 'to_string(Role.AssumeRolePolicyDocument)'; then
    case "$failure" in
      *'(NoSuchEntity)'*) skip 'not there' && return 1 ;;
      *) fail ;;
    esac
  fi
  [ "$answer" = "$2" ] && return
  skip 'LEFT AS IT IS: the trust policy is not the one that apply.sh wrote'
  return 1
}`,

  wait_for_profile: `
# SageMaker goes on with a change to a profile by itself; this looks how far it is, at most 8 times in one run.
wait_for_profile() {
  [ "$mode" = apply ] || return 0
  while [ "$looks_left" -gt 0 ]; do
    looks_left=$((looks_left - 1))
    ask sagemaker describe-user-profile --region "$1" --domain-id "$2" --user-profile-name "$3" --query Status
    case "$answer" in
      Updating) sleep 3 ;;
      *Failed) failure="SageMaker could not update the profile $2/$3." && fail ;;
      *) return 0 ;;
    esac
  done
  printf 'still being updated; SageMaker goes on by itself\\n'
}`,

  wait_for_provisioning: `
# Identity Center carries a change into accounts by itself; this looks how far it is, at most 8 times in one run.
wait_for_provisioning() {
  [ "$mode" = apply ] || return 0
  local request=$answer
  while [ "$looks_left" -gt 0 ]; do
    looks_left=$((looks_left - 1))
    sleep 3
    ask sso-admin describe-permission-set-provisioning-status --instance-arn "$1" \\
      --provision-permission-set-request-id "$request" --query PermissionSetProvisioningStatus.Status
    case "$answer" in
      SUCCEEDED) return ;;
      FAILED) failure='Identity Center could not provision the permission set.' && fail ;;
    esac
  done
  printf 'still being provisioned; Identity Center goes on by itself\\n'
}`,
}
