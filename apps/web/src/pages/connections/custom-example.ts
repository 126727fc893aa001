/** A definition to start from: every part that most devices need, once. */
export const customExample = JSON.stringify(
  {
    name: 'Garage scale',
    base_url: 'https://scale.example.com/v1',
    auth: { kind: 'header', header: 'X-Api-Key' },
    feeds: [
      {
        id: 'weights',
        title: 'Weights',
        path: '/weights?since={from:date}',
        records: '$.data[*]',
        map: [
          { metric: 'body_mass', value: '$.weight.lb', unit: 'lb', time: '$.measured_at', id: '$.id' },
          { metric: 'body_fat', value: '$.fat_percent', time: '$.measured_at' },
        ],
      },
    ],
  },
  null,
  2,
)
