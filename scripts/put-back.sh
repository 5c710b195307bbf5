#!/bin/sh
# Puts back the session hosts that avd-drain has out, without the app: docs/runbook.md.
#
# It reads the claims from the app's tables. A host that took new sessions before gets them again, and the exclusion
# tag that the app set is removed from its VM. What was otherwise before, or was changed by somebody else, stays.
# Without --yes it only says what it would do.
#
# Needs az, signed in (az login), and jq. In the storage account: Storage Table Data Reader. On the host pools and
# VMs: Desktop Virtualization Session Host Operator, and Tag Contributor.
set -eu

usage() {
  cat <<'TEXT'
put-back.sh --account NAME [--prefix avddrain] [--pool RESOURCE_ID] [--host NAME] [--yes]

  --account  the app's storage account; not needed where AZURE_STORAGE_CONNECTION_STRING is set
  --prefix   the app's setting TABLE_PREFIX
  --pool     only hosts of this host pool
  --host     only this session host
  --yes      do it; without, it is only said
TEXT
}

account='' prefix=avddrain only_pool='' only_host='' yes=''
while [ $# -gt 0 ]; do
  case $1 in
    --account | --prefix | --pool | --host)
      [ $# -gt 1 ] || { echo "$1 needs a value" >&2; exit 2; } ;;
  esac
  case $1 in
    --account) account=$2; shift 2 ;;
    --prefix) prefix=$2; shift 2 ;;
    --pool) only_pool=$2; shift 2 ;;
    --host) only_host=$2; shift 2 ;;
    --yes) yes=1; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "unknown: $1" >&2; usage >&2; exit 2 ;;
  esac
done
if [ -z "$account" ] && [ -z "${AZURE_STORAGE_CONNECTION_STRING:-}" ]; then
  usage >&2
  exit 2
fi
for tool in az jq; do
  command -v "$tool" >/dev/null || { echo "$tool is not there" >&2; exit 2; }
done

HOSTS=2024-04-03 TAGS=2021-04-01
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

query() { # table, filter: {items: [...]}, all pages of it
  if [ -n "$account" ]; then
    az storage entity query --account-name "$account" --auth-mode login --table-name "$1" --filter "$2" \
      --output json --only-show-errors </dev/null
  else
    az storage entity query --table-name "$1" --filter "$2" --output json --only-show-errors </dev/null
  fi
}

get() { # address; what went wrong is in $errors
  az rest --method get --url "$1" --output json --only-show-errors </dev/null 2>"$errors"
}

patch() { # address, body
  az rest --method patch --url "$1" --body "$2" --output none --only-show-errors </dev/null 2>"$errors"
}

# Only the thing itself: a subscription that is not found means that somebody else is signed in.
is_gone() {
  grep -qi 'not found' "$errors" && ! grep -qi 'SubscriptionNotFound\|ResourceGroupNotFound' "$errors"
}

failed() { # what
  echo "    FAILED: $1: $(tr '\n' ' ' <"$errors" | cut -c1-300)"
  failures=$((failures + 1))
}

claims=$(query "${prefix}pools" "RowKey ge 'claim|' and RowKey lt 'claim|~'")
noted=$(query "${prefix}index" "PartitionKey eq 'out'") || noted='{"items": []}'

# One line a claim, its parts between unit separators: only what is not as by default stands in the record.
parts=$(
  printf '%s\n%s\n' "$claims" "$noted" | jq -rs '
    (.[1].items | map({key: .RowKey, value: (.hostPool // "")}) | from_entries) as $pools
    | .[0].items[]
    | . as $row
    | ([.data, (range(1; 100) as $n | $row["data\($n)"] // empty)] | map(. // "") | join("")) as $text
    | (try ($text | fromjson) catch null) as $claim
    | if $claim == null or (.schema | tonumber) > 4
      then ["unreadable", .PartitionKey, (.host // .RowKey), (.drain // "?"), "", "", "", "", ""]
      else [(if $claim.out == true then "out" elif $claim.kept_drained == true or $claim.kept == true then "kept" else "other" end),
            .PartitionKey, $claim.name, $claim.drain,
            ($pools[$claim.drain] // $pools[$row.PartitionKey] // ""),
            (if $claim.before == null then "unknown" else ($claim.before | tostring) end),
            ($claim.object_id // ""), ($claim.vm_id // ""),
            (if ($claim.tag.present // false) then "" else ($claim.tag.name // "") end)]
      end
    | map(gsub("[\u0000-\u001f]"; " ")) | join("\u001f")'
)

pool_of() { # partition, drain: from the drain's own record
  case $1$2 in *[!a-z0-9-]*) return ;; esac
  query "${prefix}pools" "PartitionKey eq '$1' and RowKey eq 'drain|$2|control'" |
    jq -r '.items[0].hostPool // ""'
}

encoded() { printf '%s' "$1" | jq -Rr '[splits("/") | @uri] | join("/")'; }

change() { # address, body, what would be done, what is done, what is not
  if [ -z "$yes" ]; then
    echo "    $3"
    planned=$((planned + 1))
  elif patch "$1" "$2"; then
    echo "    $4"
    done=$((done + 1))
  else
    failed "$5"
  fi
}

open_host() { # pool, host, before, object
  address="$(encoded "$1/sessionHosts/$2")?api-version=$HOSTS"
  if [ "$3" = false ]; then
    echo "    it was in drain mode before: it stays so"
    return
  fi
  if ! here=$(get "$address"); then
    if is_gone; then echo "    it is not in the pool any more"; else failed "it cannot be read"; fi
    return
  fi
  object=$(printf '%s' "$here" | jq -r '.properties.objectId // ""')
  allows=$(printf '%s' "$here" | jq -r '.properties.allowNewSession')
  if [ -n "$4" ] && [ -n "$object" ] && [ "$4" != "$object" ]; then
    echo "    it was registered anew, so it is another host: left alone"
  elif [ "$allows" = true ]; then
    echo "    it takes new sessions already"
  else
    change "$address" '{"properties": {"allowNewSession": true}}' "would let it take new sessions again" \
      "takes new sessions again" "it does not take new sessions yet"
  fi
}

remove_tag() { # vm, tag
  [ -n "$1" ] && [ -n "$2" ] || return 0
  address="$(encoded "$1/providers/Microsoft.Resources/tags/default")?api-version=$TAGS"
  if ! tags=$(get "$address"); then
    if is_gone; then echo "    its VM is not there any more"; else failed "its VM's tags cannot be read"; fi
    return
  fi
  found=$(printf '%s' "$tags" | jq -c --arg name "$2" '
    .properties.tags // {} | with_entries(select(.key | ascii_downcase == ($name | ascii_downcase)))
    | with_entries(select(.value | startswith("avd-drain ")))')
  if [ "$found" = '{}' ]; then
    echo "    no tag $2 of avd-drain is on its VM"
  else
    change "$address" "{\"operation\": \"Delete\", \"properties\": {\"tags\": $found}}" \
      "would remove the tag $found from its VM" "the tag $found is removed from its VM" "the tag is still on its VM"
  fi
}

lower() { printf '%s' "$1" | tr '[:upper:]' '[:lower:]'; }

planned=0 done=0 failures=0 kept=0
unit=$(printf '\037')
while IFS=$unit read -r state partition host drain pool before object vm tag; do
  [ -n "$state" ] || continue
  if [ -n "$only_host" ] && [ "$(lower "$host")" != "$(lower "$only_host")" ]; then continue; fi
  case $state in
    kept) kept=$((kept + 1)); continue ;;
    other) continue ;;
  esac
  if [ -z "$pool" ]; then pool=$(pool_of "$partition" "$drain"); fi
  if [ -n "$only_pool" ] && [ "$(lower "$pool")" != "$(lower "$only_pool")" ]; then continue; fi
  echo "$host (drain $drain, ${pool:-pool $partition})"
  : >"$errors"
  if [ "$state" = unreadable ]; then
    failed "its claim is broken, or of a newer version of the app: put it back in the portal"
  elif [ -z "$pool" ]; then
    failed "nothing tells which host pool it belongs to: put it back in the portal"
  else
    open_host "$pool" "$host" "$before" "$object"
    remove_tag "$vm" "$tag"
  fi
done <<LINES
$parts
LINES

[ "$kept" -eq 0 ] || echo "$kept hosts were left in drain mode on purpose, by their drain's policy: left alone"
if [ -n "$yes" ]; then
  echo "$done changes made, $failures failed"
else
  echo "$planned changes to make, $failures things could not be told; nothing was changed: --yes does it"
fi
[ "$failures" -eq 0 ]
