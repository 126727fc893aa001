import { devices as deviceContracts } from '@tributary/protocol'
import type { Client } from '@tributary/sdk'
import { type Command, Option } from 'commander'
import { askWhether } from '../ask.ts'
import { connect } from '../connection.ts'
import { CommandError } from '../exit.ts'
import { print, table } from '../output.ts'
import { addDeviceData } from './device-data.ts'

type Device = Awaited<ReturnType<Client['listDevices']>>[number]

const { integrationTypes } = deviceContracts
const pageOf = 1_000

export function addDevices(program: Command): void {
  const devices = program
    .command('devices')
    .description('Your devices and what they measured')
    .addHelpText(
      'after',
      `
Examples:
  tributary devices list
  tributary devices add --type scale --name "Bathroom scale" --with-token
  tributary devices token 0198c7e2-…
  tributary devices data 0198c7e2-… --type heart_rate --from 2026-01-01 --format csv > january.csv
  tributary devices remove 0198c7e2-… --data keep`,
    )

  devices
    .command('list')
    .description('List your devices')
    .addHelpText('after', '\nExamples:\n  tributary devices list\n  tributary devices list --json')
    .action((_options, command: Command) => listDevices(command))

  devices
    .command('add')
    .description('Register a device')
    .requiredOption('--type <type>', 'what it is: smartwatch, scale, blood_pressure_monitor …')
    .requiredOption('--name <name>', 'how you call it')
    .addOption(new Option('--integration <kind>', 'how its data comes').choices([...integrationTypes]).default('api'))
    .option('--manufacturer <name>')
    .option('--model <name>')
    .option('--serial <number>')
    .option('--with-token', 'also make a token with which the device can send its data')
    .addHelpText(
      'after',
      '\nExamples:\n  tributary devices add --type smartwatch --name "My watch" --manufacturer Garmin --with-token\n  tributary devices add --type scale --name Scale --integration manual',
    )
    .action((options: NewDeviceOptions, command: Command) => addDevice(options, command))

  devices
    .command('token')
    .argument('<device-id>')
    .description('Make or replace the token with which a device sends its data')
    .option('--revoke', 'end the token and make no new one')
    .addHelpText(
      'after',
      '\nExamples:\n  tributary devices token 0198c7e2-…\n  tributary devices token 0198c7e2-… --revoke',
    )
    .action((id: string, { revoke }: { revoke?: true }, command: Command) =>
      revoke ? revokeToken(id, command) : makeToken(id, command),
    )

  devices
    .command('remove')
    .argument('<device-id>')
    .description('Remove a device')
    .addOption(
      new Option('--data <what>', 'what becomes of what it measured').choices(['keep', 'delete']).default('keep'),
    )
    .option('--yes', 'do not ask before data is deleted')
    .addHelpText(
      'after',
      '\nExamples:\n  tributary devices remove 0198c7e2-…\n  tributary devices remove 0198c7e2-… --data delete --yes',
    )
    .action((id: string, options: RemoveOptions, command: Command) => removeDevice(id, options, command))

  addDeviceData(devices)
}

async function listDevices(command: Command): Promise<void> {
  const client = await connect(command)
  const all: Device[] = []
  for (let page: Device[] | undefined; page === undefined || page.length === pageOf; ) {
    page = await client.listDevices({ query: { limit: pageOf, offset: all.length } })
    all.push(...page)
  }
  const rows = all.map((device) => [
    device.device_id,
    device.device_type,
    device.status,
    device.last_seen ?? 'never',
    device.device_name,
  ])
  print(command, all, all.length ? table(['device', 'type', 'status', 'last seen', 'name'], rows) : 'No device yet.')
}

interface NewDeviceOptions {
  type: string
  name: string
  integration: (typeof integrationTypes)[number]
  manufacturer?: string
  model?: string
  serial?: string
  withToken?: true
}

async function addDevice(options: NewDeviceOptions, command: Command): Promise<void> {
  const { type, name, integration, manufacturer, model, serial, withToken } = options
  const client = await connect(command)
  const made = await client.createDevice({
    body: {
      device_type: type,
      device_name: name,
      integration_type: integration,
      ...(manufacturer ? { manufacturer } : {}),
      ...(model ? { model } : {}),
      ...(serial ? { serial_number: serial } : {}),
      ...(withToken ? { issue_token: true } : {}),
    },
  })
  const shown = made.device_token ? `\ntoken   ${made.device_token}  (shown only now)` : ''
  print(command, made, `device  ${made.device_id}${shown}`)
}

async function makeToken(id: string, command: Command): Promise<void> {
  const made = await (await connect(command)).issueDeviceToken({ params: { device_id: id } })
  print(command, made, `token   ${made.device_token}  (shown only now; an older one has ended)`)
}

async function revokeToken(id: string, command: Command): Promise<void> {
  await (await connect(command)).revokeDeviceToken({ params: { device_id: id } })
  print(command, { device_id: id, revoked: true }, 'The token has ended.')
}

interface RemoveOptions {
  data: 'keep' | 'delete'
  yes?: true
}

async function removeDevice(id: string, { data, yes }: RemoveOptions, command: Command): Promise<void> {
  const client = await connect(command)
  if (data === 'delete' && !yes) {
    const { device_name } = await client.getDevice({ params: { device_id: id } })
    if (!(await askWhether(`Delete ${device_name} and everything it measured?`, '--yes')))
      throw new CommandError('cancelled')
  }
  await client.deleteDevice({ params: { device_id: id }, query: { data } })
  print(
    command,
    { device_id: id, removed: true, data },
    data === 'keep' ? 'Removed; its data is kept.' : 'Removed, with its data.',
  )
}
