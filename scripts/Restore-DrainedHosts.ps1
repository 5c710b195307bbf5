<#
.SYNOPSIS
Puts back the session hosts that avd-drain has out, without the app: docs/runbook.md.

.DESCRIPTION
Reads the claims from the app's tables. A host that took new sessions before gets them again, and the exclusion tag
that the app set is removed from its VM. What was otherwise before, or was changed by somebody else, stays.
Without -Yes it only says what it would do.

Needs az, signed in (az login), for the tokens. In the storage account: Storage Table Data Reader. On the host pools
and VMs: Desktop Virtualization Session Host Operator, and Tag Contributor.

.EXAMPLE
./scripts/Restore-DrainedHosts.ps1 -Account stdrains

.EXAMPLE
./scripts/Restore-DrainedHosts.ps1 -Account stdrains -Pool $Pool -Yes
#>
[CmdletBinding()]
param(
    # The app's storage account.
    [Parameter(Mandatory = $true)][string] $Account,
    # The app's setting TABLE_PREFIX.
    [string] $Prefix = 'avddrain',
    # Only hosts of this host pool, by its resource id.
    [string] $Pool = '',
    # Only this session host.
    [string] $HostName = '',
    # Do it; without, it is only said.
    [switch] $Yes
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
$HostsVersion = '2024-04-03'
$TagsVersion = '2021-04-01'

function Get-Token([string] $Resource) {
    $token = az account get-access-token --resource $Resource --query accessToken --output tsv
    if ($LASTEXITCODE -ne 0) { throw "no token for ${Resource}: az login" }
    $token
}

$cloud = az cloud show --output json | ConvertFrom-Json
if ($LASTEXITCODE -ne 0) { throw 'az does not tell its cloud' }
$arm = $cloud.endpoints.resourceManager.TrimEnd('/')
$tables = "https://$Account.table.$($cloud.suffixes.storageEndpoint)"
$armToken = Get-Token $cloud.endpoints.resourceManager
$storageToken = Get-Token 'https://storage.azure.com/'

# All rows of a table that the filter lets through, page by page.
function Get-Rows([string] $Table, [string] $Filter) {
    $headers = @{
        Authorization  = "Bearer $storageToken"
        Accept         = 'application/json;odata=nometadata'
        'x-ms-version' = '2020-12-06'
    }
    $next = ''
    do {
        $uri = "$tables/$Table()?`$filter=$([uri]::EscapeDataString($Filter))$next"
        $page = Invoke-WebRequest -UseBasicParsing -Uri $uri -Headers $headers
        ($page.Content | ConvertFrom-Json).value
        $partition = $page.Headers['x-ms-continuation-NextPartitionKey']
        $row = $page.Headers['x-ms-continuation-NextRowKey']
        $next = ''
        if ($partition) { $next += "&NextPartitionKey=$([uri]::EscapeDataString(@($partition)[0]))" }
        if ($row) { $next += "&NextRowKey=$([uri]::EscapeDataString(@($row)[0]))" }
    } while ($next)
}

# A property that may not be there.
function Get-Part($Thing, [string] $Name) {
    if ($null -ne $Thing -and $null -ne $Thing.PSObject.Properties[$Name]) { $Thing.$Name }
}

function Invoke-Arm([string] $Method, [string] $Path, [string] $Version, [string] $Body = '') {
    $parts = foreach ($part in $Path.Split('/')) { [uri]::EscapeDataString($part) }
    $call = @{
        Method  = $Method
        Uri     = "$arm$($parts -join '/')?api-version=$Version"
        Headers = @{ Authorization = "Bearer $armToken" }
    }
    if ($Body) {
        $call.Body = $Body
        $call.ContentType = 'application/json'
    }
    Invoke-RestMethod @call
}

# Only the thing itself: a subscription that is not found means that somebody else is signed in.
function Test-Gone($Failure) {
    if ("$($Failure.ErrorDetails)" -match 'SubscriptionNotFound|ResourceGroupNotFound') { return $false }
    $response = Get-Part $Failure.Exception 'Response'
    $null -ne $response -and [int] $response.StatusCode -eq 404
}

$script:planned = 0
$script:done = 0
$script:failures = 0

function Write-Failure([string] $What) {
    Write-Output "    FAILED: $What"
    $script:failures++
}

function Open-SessionHost([string] $PoolId, $Claim) {
    if ((Get-Part $Claim 'before') -eq $false) {
        Write-Output '    it was in drain mode before: it stays so'
        return
    }
    $path = "$PoolId/sessionHosts/$($Claim.name)"
    try {
        $here = (Invoke-Arm GET $path $HostsVersion).properties
    }
    catch {
        if (Test-Gone $_) { Write-Output '    it is not in the pool any more' }
        else { Write-Failure "it cannot be read: $_" }
        return
    }
    $was = Get-Part $Claim 'object_id'
    $is = Get-Part $here 'objectId'
    if ($was -and $is -and $was -cne $is) {
        Write-Output '    it was registered anew, so it is another host: left alone'
    }
    elseif ((Get-Part $here 'allowNewSession') -eq $true) {
        Write-Output '    it takes new sessions already'
    }
    elseif (-not $Yes) {
        Write-Output '    would let it take new sessions again'
        $script:planned++
    }
    else {
        try {
            $null = Invoke-Arm PATCH $path $HostsVersion '{"properties": {"allowNewSession": true}}'
            Write-Output '    takes new sessions again'
            $script:done++
        }
        catch { Write-Failure "it does not take new sessions yet: $_" }
    }
}

function Remove-ExclusionTag($Claim) {
    $tag = Get-Part $Claim 'tag'
    $name = Get-Part $tag 'name'
    $vm = Get-Part $Claim 'vm_id'
    if (-not $vm -or -not $name -or (Get-Part $tag 'present') -eq $true) { return }
    $path = "$vm/providers/Microsoft.Resources/tags/default"
    try {
        $tags = Get-Part (Invoke-Arm GET $path $TagsVersion).properties 'tags'
    }
    catch {
        if (Test-Gone $_) { Write-Output '    its VM is not there any more' }
        else { Write-Failure "its VM's tags cannot be read: $_" }
        return
    }
    $found = $null
    if ($null -ne $tags) {
        $found = $tags.PSObject.Properties |
            Where-Object { $_.Name -ieq $name -and "$($_.Value)".StartsWith('avd-drain ') } |
            Select-Object -First 1
    }
    if ($null -eq $found) {
        Write-Output "    no tag $name of avd-drain is on its VM"
    }
    elseif (-not $Yes) {
        Write-Output "    would remove the tag $($found.Name) from its VM"
        $script:planned++
    }
    else {
        $gone = @{}
        $gone[$found.Name] = $found.Value
        $body = @{
            operation  = 'Delete'
            properties = @{ tags = $gone }
        }
        try {
            $null = Invoke-Arm PATCH $path $TagsVersion ($body | ConvertTo-Json -Depth 5)
            Write-Output "    the tag $($found.Name) is removed from its VM"
            $script:done++
        }
        catch { Write-Failure "the tag is still on its VM: $_" }
    }
}

$pools = @{}
foreach ($row in Get-Rows "${Prefix}index" "PartitionKey eq 'out'") {
    $pools[$row.RowKey] = Get-Part $row 'hostPool'
}
$kept = 0
foreach ($row in Get-Rows "${Prefix}pools" "RowKey ge 'claim|' and RowKey lt 'claim|~'") {
    # Only what is not as by default stands in the record; a long one is in pieces.
    $text = "$(Get-Part $row 'data')"
    for ($n = 1; $null -ne ($piece = Get-Part $row "data$n"); $n++) { $text += $piece }
    $claim = $null
    if ([int] $row.schema -le 4) {
        try { $claim = $text | ConvertFrom-Json } catch { $claim = $null }
    }
    $name = if ($null -ne $claim) { $claim.name } else { $row.RowKey.Substring(6) }
    if ($HostName -and $name -ine $HostName) { continue }
    if ($null -ne $claim -and (Get-Part $claim 'out') -ne $true) {
        # Up to schema 3 it was called kept.
        if ($true -in (Get-Part $claim 'kept_drained'), (Get-Part $claim 'kept')) { $kept++ }
        continue
    }
    $drain = if ($null -ne $claim) { $claim.drain } else { "$(Get-Part $row 'drain')" }
    $poolId = if ($pools[$drain]) { $pools[$drain] } else { $pools[$row.PartitionKey] }
    if (-not $poolId -and $drain -cmatch '^[a-z0-9-]+$') {
        $filter = "PartitionKey eq '$($row.PartitionKey)' and RowKey eq 'drain|$drain|control'"
        $control = @(Get-Rows "${Prefix}pools" $filter)
        if ($control.Count) { $poolId = Get-Part $control[0] 'hostPool' }
    }
    if ($Pool -and $poolId -ine $Pool) { continue }
    Write-Output "$name (drain $drain, $poolId)"
    if ($null -eq $claim) {
        Write-Failure 'its claim is broken, or of a newer version of the app: put it back in the portal'
    }
    elseif (-not $poolId) {
        Write-Failure 'nothing tells which host pool it belongs to: put it back in the portal'
    }
    else {
        Open-SessionHost $poolId $claim
        Remove-ExclusionTag $claim
    }
}
if ($kept) {
    Write-Output "$kept hosts were left in drain mode on purpose, by their drain's policy: left alone"
}
if ($Yes) {
    Write-Output "$script:done changes made, $script:failures failed"
}
else {
    $told = "$script:planned changes to make, $script:failures things could not be told"
    Write-Output "$told; nothing was changed: -Yes does it"
}
if ($script:failures) { exit 1 }
