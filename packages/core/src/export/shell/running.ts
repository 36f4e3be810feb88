/**
 * The bash functions that run steps, by name. A script carries only those that it calls.
 * bash 3.2: no associative arrays, no mapfile, no case inside $( ), no empty arrays.
 */
export const runningFunctions: Readonly<Record<string, string>> = {
  main: `
main() {
  case "\${1-}" in
    --apply) mode=apply ;;
    '') mode=print ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  [ "$#" -le 1 ] || { usage >&2 && exit 2; }
  export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off
  errors=$(mktemp "\${TMPDIR:-/tmp}/mlflow-iam.XXXXXX")
  trap 'rm -f "$errors"' EXIT
  trap 'stop 130 "Interrupted in step $step of $total. Run it again to go on from there."' INT TERM HUP
  check_account
  all_steps
  finish
}`,

  check_account: `
# Ends the run when signed in to another account than the plan was made for.
check_account() {
  command -v aws >/dev/null || stop 5 'The AWS CLI (aws) was not found. Install it, then run this again.'
  if ! answer=$(aws sts get-caller-identity --query '[Account,Arn]' --output text 2>"$errors" </dev/null); then
    [ "$mode" = print ] || stop 5 "Not signed in to AWS. $(cat "$errors")"
    printf 'Not signed in to AWS, so the account was not checked.\\n' >&2
    return 0
  fi
  local tab=$'\\t'
  local account=\${answer%%"$tab"*} caller=\${answer#*"$tab"}
  [ "$account" = "$expected_account" ] ||
    stop 3 "This is for account $expected_account, but you are signed in to $account as $caller."
  case "$caller" in
    "arn:$expected_partition:"*) ;;
    *) stop 3 "This is for the partition $expected_partition, but you are signed in as $caller." ;;
  esac
  printf '# Account %s, as %s.\\n' "$account" "$caller"
}`,

  begin: `
begin() {
  step=$1
  printf '\\n# Step %s of %s: %s\\n' "$1" "$total" "$2"
}`,

  send: `
# Prints the command, or runs it; any error ends the run. AWS may take seconds to see what this run has just made.
send() {
  if [ "$mode" = print ]; then show "$@" && return; fi
  for _ in 1 2 3 4 5 6; do
    if attempt "$@"; then
      sent=$((sent + 1))
      printf 'done\\n'
      return
    fi
    case "$failure" in
      *'(NoSuchEntity)'* | *'(ValidationException)'*[Rr]ole*)
        [ "$sent" -gt 0 ] || break
        sleep 3
        ;;
      *) break ;;
    esac
  done
  fail
}`,

  send_unless: `
# The same, but this error code means that there is nothing to do, which the second word says.
send_unless() {
  local code=$1 meaning=$2
  shift 2
  if [ "$mode" = print ]; then show "$@" && return; fi
  if attempt "$@"; then
    sent=$((sent + 1))
    printf 'done\\n'
    return
  fi
  case "$failure" in
    *"($code)"*) skip "$meaning" && return 1 ;;
    *) fail ;;
  esac
}`,

  attempt: `
attempt() {
  if answer=$("$@" 2>"$errors" </dev/null); then return; fi
  failure=$(cat "$errors")
  return 1
}`,

  ask: `
# Reads from AWS into "answer"; any error ends the run. In the printing mode nothing is read.
ask() {
  attempt aws "$@" --output text || fail
}`,

  compact: `
# A document as the AWS CLI prints it with to_string(): without the white space between its parts.
compact() {
  printf '%s\\n' "$1" | sed -E -e 's/^ *//' -e 's/^("([^"\\\\]|\\\\.)*":) /\\1/' | tr -d '\\n'
}`,

  show: `
# Prints a command as bash reads it back.
show() {
  local word quotes="s/'/'\\\\\\\\''/g"
  printf '%s %s %s' "$1" "$2" "$3"
  shift 3
  for word in "$@"; do
    case "$word" in
      --*) printf ' \\\\\\n  ' ;;
      *) printf ' ' ;;
    esac
    case "$word" in
      *[!A-Za-z0-9_./:=@%+,-]* | '')
        word=$(printf '%s' "$word" | sed "$quotes")
        printf "'%s'" "$word"
        ;;
      *) printf '%s' "$word" ;;
    esac
  done
  printf '\\n'
}`,

  skip: `
skip() {
  skipped=$((skipped + 1))
  printf '%s\\n' "$1"
}`,

  finish: `
finish() {
  if [ "$mode" = print ]; then
    printf '\\n# Nothing was sent. To send these commands: bash %s --apply\\n' "$0"
  else
    printf '\\nFinished: %s calls sent, %s of %s steps skipped.\\n' "$sent" "$skipped" "$total"
  fi
}`,

  fail: `
fail() {
  stop 8 "Step $step of $total failed, and nothing after it was sent. Run it again to go on from there.
$failure"
}`,

  changed: `
# The account is no longer as it was planned for: apply.sh ends here, rollback.sh leaves the thing alone.
changed() {
  if [ "$kind" = rollback ]; then
    skip "LEFT AS IT IS: $1"
    return 1
  fi
  stop 7 "Step $step of $total: $1. Nothing from this step on was sent. Make a new plan."
}`,

  stop: `
stop() {
  printf '%s\\n' "$2" >&2
  exit "$1"
}`,
}
