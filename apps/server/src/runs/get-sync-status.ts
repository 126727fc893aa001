import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { instantOf, instantOrNull } from '../platform/instant.ts'
import { isUnderWay, runOf, type SyncRun } from './run-view.ts'
import { type DeviceSyncRow, findDeviceSyncs, findNewestRuns, type RunRow } from './runs.queries.ts'

export const getSyncStatus = handle(routes.getSyncStatus, async (call) => {
  const { userId } = call.caller
  const { devices, runs } = await call.read(async (tx) => ({
    devices: await findDeviceSyncs(tx, userId),
    runs: await findNewestRuns(tx, userId),
  }))
  const newest = new Map(runs.map((run) => [run.of_device, run]))
  return devices.map((device) => statusOf(device, newest.get(device.device_id)))
})

/** A device's index of runs under way allows one, which is then the newest. */
function statusOf(device: DeviceSyncRow, run: RunRow | undefined) {
  const next = (device.last_sync_at ?? device.created_at).getTime() + device.sync_interval_minutes * 60_000
  return {
    device_id: device.device_id,
    device_name: device.device_name,
    sync_status: device.sync_status as SyncRun['status'],
    last_sync: instantOrNull(device.last_sync_at),
    next_sync: device.auto_sync ? instantOf(next) : null,
    interval_minutes: device.sync_interval_minutes,
    effective_interval_minutes: device.sync_interval_minutes, // no provider's budget stretches it yet
    running: run && isUnderWay(run) ? runOf(run) : null,
    errors: run?.status === 'failed' ? [errorOf(run)] : [],
    gaps: [],
  }
}

function errorOf(run: RunRow) {
  return {
    code: run.error_code ?? 'failed',
    detail: run.error_message ?? '',
    at: instantOf(run.ended_at ?? run.started_at),
  }
}
