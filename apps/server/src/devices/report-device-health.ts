import { type BodyOf, type Routes, routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { findDevice, type Note } from './devices.queries.ts'
import { healthOf } from './health-view.ts'
import { applyReport, insertReport, type Report } from './reports.queries.ts'

/** A clock that is a little fast is forgiven, as for samples. */
const aheadMs = 600_000
const earliestMs = Date.UTC(2000, 0, 1)

export const reportDeviceHealth = handle(routes.reportDeviceHealth, async (call, { sightings, clock }) => {
  const { userId } = call.caller
  const report = reportOf(call.body, clock.now())
  sightings.see(userId, call.params.device_id)
  await sightings.settle(userId)
  return call.write(async (tx) => {
    const { device_id } = call.params
    if (!(await findDevice(tx, userId, device_id))) throw new Problem('not_found')
    await insertReport(tx, userId, device_id, uuidv7(), report)
    await applyReport(tx, userId, device_id, report)
    return healthOf(must(await findDevice(tx, userId, device_id), 'the device was there'), clock.now())
  })
})

function reportOf(body: BodyOf<Routes['reportDeviceHealth']>, now: number): Report {
  const at = body.timestamp === undefined ? now : Date.parse(body.timestamp)
  if (at > now + aheadMs) throw timeImpossible('lies in the future')
  if (at < earliestMs) throw timeImpossible('lies before the year 2000')
  const notes = (texts: readonly string[] | undefined): Note[] | null =>
    texts?.map((text) => ({ at: instantOf(at), text })) ?? null
  return {
    at: new Date(at),
    battery_level: body.battery_level ?? null,
    signal_strength: body.signal_strength ?? null,
    temperature: body.temperature ?? null,
    firmware_version: body.firmware_version ?? null,
    errors: notes(body.errors),
    warnings: notes(body.warnings),
  }
}

function timeImpossible(detail: string): Problem {
  return new Problem('invalid_request', `/timestamp: ${detail}`, { errors: [{ pointer: '/timestamp', detail }] })
}
