/** Who may import whom (CONTRIBUTING.md, "Neighbours"). */
const stages =
  'accounts|devices|receive|ingest|resolve|query|imports|exports|sessions|suppressions|stream|sync|runs|connect|privacy|demo'
/** Tests and what they start from may wire stages together, as start.ts does. */
const ofTests = '(\\.test|/test-[^/]+)\\.ts$|/test/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'protocol-imports-nobody',
      severity: 'error',
      from: { path: '^packages/protocol/src' },
      to: { path: '^(apps|packages/(?!protocol))' },
    },
    { name: 'packages-know-no-app', severity: 'error', from: { path: '^packages/' }, to: { path: '^apps/' } },
    {
      name: 'nobody-imports-the-server',
      severity: 'error',
      from: { path: '^(apps/(web|cli)|packages)/src' },
      to: { path: '^apps/server' },
    },
    {
      name: 'a-stage-never-imports-a-stage',
      severity: 'error',
      from: { path: `^apps/server/src/(${stages})/`, pathNot: ofTests },
      to: { path: `^apps/server/src/(${stages})/`, pathNot: '^apps/server/src/$1/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'platform-never-imports-a-domain',
      severity: 'error',
      from: { path: '^apps/server/src/platform/', pathNot: ofTests },
      to: { path: `^apps/server/src/(${stages})/` },
    },
    {
      name: 'a-provider-never-imports-another',
      severity: 'error',
      from: { path: '^packages/providers/src/([^/]+)/' },
      to: { path: '^packages/providers/src/[^/]+/', pathNot: '^packages/providers/src/($1|kit)/' },
    },
    {
      name: 'clouds-and-connectors-share-no-code',
      severity: 'error',
      from: { path: '^packages/emulators/src/' },
      to: { path: '^packages/(providers|formats)/' },
    },
    {
      name: 'connectors-know-clouds-only-in-tests',
      severity: 'error',
      from: { path: '^packages/providers/src/', pathNot: ofTests },
      to: { path: '^packages/emulators/' },
    },
    {
      name: 'sql-only-in-queries',
      severity: 'error',
      from: {
        path: '^apps/server/src/',
        pathNot: '(\\.queries\\.ts|\\.test\\.ts)$|^apps/server/src/platform/(db|samples|postgres)/',
      },
      to: { path: 'node_modules/(kysely|pg|pg-copy-streams)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-egress-goes-out',
      comment:
        'Whatever the server asks of others passes the guard of platform/egress; `fetch`, `WebSocket` and `EventSource` are forbidden by biome.json.',
      severity: 'error',
      from: {
        path: '^(apps/server|packages/(providers|formats|protocol))/src/',
        pathNot: `^apps/server/src/(platform/(egress|http|postgres)|commands/doctor)/|${ofTests}`,
      },
      to: {
        path: '^(node:)?(http|https|http2|net|tls|dgram|dns|dns/promises)$|node_modules/(undici|axios|got|node-fetch)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'ui-knows-no-routes',
      severity: 'error',
      from: { path: '^apps/web/src/ui/' },
      to: { path: '^apps/web/src/(api|pages|routes)' },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|fixtures)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
