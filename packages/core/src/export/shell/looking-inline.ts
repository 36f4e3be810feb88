/** The bash functions that look at inline policies: of users, groups and roles, and of permission sets. */
export const inlineFunctions: Readonly<Record<string, string>> = {
  find_inline: `
# find_inline KIND NAME POLICY: whether a user, group or role has this inline policy; what it says is in "answer".
find_inline() {
  attempt aws iam "get-$1-policy" "--$1-name=$2" --policy-name="$3" --output text \\
    --query 'to_string(PolicyDocument)' && return
  case "$failure" in
    *'(NoSuchEntity)'*) return 1 ;;
    *) fail ;;
  esac
}`,

  says_inline: `
# says_inline KIND NAME POLICY DOCUMENT: the inline policy is there and says what it said when this was planned.
says_inline() {
  [ "$mode" = apply ] || return 0
  if ! find_inline "$1" "$2" "$3"; then
    skip 'gone already'
    return 1
  fi
  [ "$answer" = "$4" ] || changed "the inline policy $3 of $1 $2 says something else now"
}`,

  lacks_inline: `
# lacks_inline KIND NAME POLICY DOCUMENT: there is no inline policy of this name. What another one says is kept.
lacks_inline() {
  [ "$mode" = apply ] || return 0
  find_inline "$1" "$2" "$3" || return 0
  [ "$answer" = "$4" ] || changed "the inline policy $3 of $1 $2 is there and says something else" || return 1
  skip 'there already'
  return 1
}`,

  needs_inline: `
# needs_inline INSTANCE SET DOCUMENT BEFORE: the permission set's inline policy is not this one yet, but still the one
# before it: others may write in it too. An empty document stands for none. White space is not compared.
needs_inline() {
  [ "$mode" = apply ] || return 0
  ask sso-admin get-inline-policy-for-permission-set --instance-arn "$1" --permission-set-arn "$2" \\
    --query InlinePolicy
  local found
  found=$(squeeze "$answer")
  case "$found" in
    None) found='' ;;
  esac
  if [ "$found" = "$(squeeze "$3")" ]; then
    skip 'so already'
    return 1
  fi
  [ "$found" = "$(squeeze "$4")" ] || changed "the inline policy of $2 is another one now"
}`,

  squeeze: `
squeeze() {
  printf '%s' "$1" | tr -d ' \\t\\r\\n'
}`,
}
