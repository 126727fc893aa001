import { Autocomplete, Checkbox, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { devices } from '@tributary/protocol'
import { client } from '../api/client.ts'
import type { Device, NewDevice } from '../api/types.ts'
import { deviceTypes, integrationWords } from '../util/device-words.ts'
import { needed } from './checks.ts'
import { FormFrame } from './form-frame.tsx'
import { useRefusal } from './use-refusal.ts'

export interface Added {
  device_id: string
  device_token?: string | undefined
}

const blank = {
  device_type: '',
  device_name: '',
  manufacturer: '',
  model: '',
  serial_number: '',
  integration_type: 'api' as Device['integration_type'],
  issue_token: true,
}

/** What a person sees, as the contract wants it: the words of the list become its values, nothing written is not sent. */
function toNewDevice(values: typeof blank): NewDevice {
  const typed = values.device_type.trim()
  const listed = deviceTypes.find(({ label }) => label.toLowerCase() === typed.toLowerCase())
  const optional = Object.fromEntries(
    (['manufacturer', 'model', 'serial_number'] as const)
      .map((name) => [name, values[name].trim()])
      .filter(([, value]) => value),
  )
  return {
    device_type: listed?.value ?? typed,
    device_name: values.device_name.trim(),
    integration_type: values.integration_type,
    issue_token: values.issue_token,
    ...optional,
  }
}

export function DeviceForm({ onAdded }: { onAdded: (added: Added) => void }) {
  const form = useForm({
    initialValues: blank,
    validate: { device_type: needed('A type'), device_name: needed('A name') },
  })
  const refusal = useRefusal(form)
  const add = form.onSubmit((values) =>
    refusal.attempt(async () => onAdded(await client.createDevice({ body: toNewDevice(values) }))),
  )

  return (
    <FormFrame refusal={refusal} onSubmit={add} submit="Add device" wide={false}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          description="What you call it"
          placeholder="My chest strap"
          {...form.getInputProps('device_name')}
        />
        <Autocomplete
          label="Type"
          description="Choose one or write your own"
          placeholder="Heart rate monitor"
          data={deviceTypes.map(({ label }) => label)}
          {...form.getInputProps('device_type')}
        />
        <TextInput label="Maker" description="Optional" {...form.getInputProps('manufacturer')} />
        <TextInput label="Model" description="Optional" {...form.getInputProps('model')} />
        <TextInput
          label="Serial number"
          description="Optional. Files that name it find this device"
          {...form.getInputProps('serial_number')}
        />
        <Select
          label="How its data gets here"
          description="So that you know where to look when nothing comes"
          data={devices.integrationTypes.map((value) => ({ value, label: integrationWords[value] }))}
          allowDeselect={false}
          {...form.getInputProps('integration_type')}
        />
      </SimpleGrid>
      <Checkbox
        label="Make a token, so that the device can send data by itself"
        description="A token can write the data of this one device and nothing else."
        {...form.getInputProps('issue_token', { type: 'checkbox' })}
      />
    </FormFrame>
  )
}
